package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Everything that a history says about an item of one session. {@link Cart} fills it; then it does not change. */
public final class Item {
  /** A time after every time of a run. */
  static final long NEVER = Long.MAX_VALUE;
  private static final long NEVER_YET = Long.MIN_VALUE;

  private final String name;
  private final int index;
  private final List<Operation> sends = new ArrayList<>();
  private final List<Operation> refusals = new ArrayList<>();
  private @Nullable Operation acknowledgement;
  private @Nullable Operation firstShow;
  private @Nullable Operation lastShow;
  private long lastAskedAndShown = NEVER_YET;

  Item(String name, int index) {
    this.name = name;
    this.index = index;
  }

  void sentBy(Operation add) {
    if (add.outcome() instanceof Outcome.Failed) {
      refusals.add(add);
      return;
    }
    sends.add(add);
    if (add.outcome() instanceof Outcome.Ok && add.completed() < acknowledged()) {
      acknowledgement = add;
    }
  }

  void shownBy(Operation read) {
    if (read.completed() < firstShown()) {
      firstShow = read;
    }
    if (read.completed() > lastShown()) {
      lastShow = read;
    }
    lastAskedAndShown = Math.max(lastAskedAndShown, read.invoked());
  }

  public String name() {
    return name;
  }

  /** The index in its cart, from 0. */
  int index() {
    return index;
  }

  /** The operations that sent it and may have taken effect, in the order in which they were invoked. */
  List<Operation> sends() {
    return sends;
  }

  /** The operations that sent it and certainly took no effect. */
  List<Operation> refusals() {
    return refusals;
  }

  /** When it was first sent by an operation that may have taken effect. */
  long invoked() {
    return sends.isEmpty() ? NEVER : sends.getFirst().invoked();
  }

  @Nullable
  Operation acknowledgement() {
    return acknowledgement;
  }

  long acknowledged() {
    return acknowledgement == null ? NEVER : acknowledgement.completed();
  }

  @Nullable
  Operation firstShow() {
    return firstShow;
  }

  /** When the first read that shows it was over. */
  long firstShown() {
    return firstShow == null ? NEVER : firstShow.completed();
  }

  @Nullable
  Operation lastShow() {
    return lastShow;
  }

  /** When the last read that shows it was over. */
  long lastShown() {
    return lastShow == null ? NEVER_YET : lastShow.completed();
  }

  /** When the last read began that shows it. */
  long lastAskedAndShown() {
    return lastAskedAndShown;
  }

  /** Returns the first time at which the item was certainly in the cart: acknowledged or shown. */
  long known() {
    return Math.min(acknowledged(), firstShown());
  }

  /** Returns the operation that acknowledged or first showed the item; only for an item that has one. */
  Operation knownBy() {
    return Objects.requireNonNull(acknowledged() <= firstShown() ? acknowledgement : firstShow);
  }

  /** Returns the latest time at which the item was certainly in the cart. */
  long lastProved() {
    return acknowledgement == null ? lastShown() : Math.max(acknowledged(), lastShown());
  }

  /** Tells whether a read that shows it completed before any {@code ADD} that may have taken effect was invoked. */
  boolean phantom() {
    return firstShown() < invoked();
  }
}
