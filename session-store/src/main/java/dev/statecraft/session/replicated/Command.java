package dev.statecraft.session.replicated;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of the sessions that the group agrees on. All that a change depends on travels in it, time and new ids
 * included, so that every node that replays the log comes to the same state. Times are milliseconds since the epoch by
 * the clock of the node that proposes.
 */
sealed interface Command {
  /** Whether carrying it out twice is the same as once, so that nobody needs to remember that it was done. */
  default boolean repeatable() {
    return true;
  }

  /**
   * Opens a session.
   *
   * @param idle how long it may idle, in milliseconds; negative for ever
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
   * Changes a session if no attribute that it changes was changed since it was read; otherwise nothing of it is done.
   *
   * @param newId the id that replaces the old one, or null where it stays
   * @param idle the new limit in milliseconds, or null where it stays
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
   * @param seen the version that the writer had read; 0 where there was no such attribute
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
   * @param at as the node that was asked, or the leader that looks, sees it
   */
  record Access(String id, long at) {}

  /** Ends a session. */
  record Delete(String id) implements Command {}

  /** Ends those of the given sessions whose last access is still the one that the leader saw. */
  record Expire(List<Access> sessions) implements Command {
    public Expire {
      sessions = List.copyOf(sessions);
    }
  }

  /** Changes nothing: where it stands in the log, everything before it has been applied. */
  record Barrier() implements Command {}
}
