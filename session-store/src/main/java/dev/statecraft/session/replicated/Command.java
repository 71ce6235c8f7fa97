package dev.statecraft.session.replicated;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of the sessions. It holds all that its effect depends on, including time and new ids, so every node that
 * applies the log reaches the same state. Times are milliseconds since the epoch by the clock of the proposing node.
 */
sealed interface Command {
  /** Whether applying it twice has the same effect as once, so that its outcome need not be remembered. */
  default boolean repeatable() {
    return true;
  }

  /**
   * Creates a session.
   *
   * @param idle maximum idle time in milliseconds; negative for no limit
   */
  record Create(String id, long at, long idle, Map<String, Value> attributes) implements Command {
    public Create {
      attributes = Map.copyOf(attributes);
    }

    @Override
    public boolean repeatable() {
      return false;
    }
  }

  /**
   * Changes a session, unless one of the attributes was changed since it was read; then nothing is changed.
   *
   * @param newId the id that replaces the old one; null to keep it
   * @param idle the new maximum idle time in milliseconds; null to keep it
   */
  record Save(String id, @Nullable String newId, long at, @Nullable Long idle, List<Change> changes)
      implements
        Command {
    public Save {
      changes = List.copyOf(changes);
    }

    @Override
    public boolean repeatable() {
      return false;
    }
  }

  /**
   * Sets or removes one attribute.
   *
   * @param seen the version that the writer had read; 0 if there was no such attribute
   * @param value null to remove it
   */
  record Change(String name, long seen, @Nullable Value value) {}

  /** Moves the last access of sessions forward, never back. */
  record Touch(List<Access> sessions) implements Command {
    public Touch {
      sessions = List.copyOf(sessions);
    }
  }

  /**
   * A last access of a session.
   *
   * @param at in milliseconds since the epoch, by the clock of the node that served it
   */
  record Access(String id, long at) {}

  /** Ends a session. */
  record Delete(String id) implements Command {}

  /** Ends those of the given sessions whose last access is still the given one. */
  record Expire(List<Access> sessions) implements Command {
    public Expire {
      sessions = List.copyOf(sessions);
    }
  }

  /** Changes nothing. A node that has applied it has applied all earlier entries. */
  record Barrier() implements Command {}
}
