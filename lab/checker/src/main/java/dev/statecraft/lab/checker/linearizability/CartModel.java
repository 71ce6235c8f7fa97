package dev.statecraft.lab.checker.linearizability;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sequential model of a session: a login opens it, a logout closes it, and in between a list grows at its end.
 *
 * @param opensByLogin false if the history has no login, so that the session is open from the start
 */
record CartModel(boolean opensByLogin) implements Model<CartModel.State> {
  /** The state of a session; {@code items} is null if it is not open. */
  record State(@Nullable Items items) {}

  /** An immutable list that shares all but its last item with its predecessor. */
  static final class Items {
    static final Items NONE = new Items();

    private final @Nullable Items front;
    private final String last;
    private final int size;
    private final int hash;

    private Items() {
      this.front = null;
      this.last = "";
      this.size = 0;
      this.hash = 1;
    }

    private Items(Items front, String last) {
      this.front = front;
      this.last = last;
      this.size = front.size + 1;
      this.hash = 31 * front.hash + last.hashCode();
    }

    Items with(String item) {
      return new Items(this, item);
    }

    boolean isShownBy(List<String> shown) {
      if (shown.size() != size || shown.hashCode() != hash) {
        return false;
      }
      Items rest = this;
      for (int place = size - 1; place >= 0; place--) {
        if (!rest.last.equals(shown.get(place))) {
          return false;
        }
        rest = Objects.requireNonNull(rest.front);
      }
      return true;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // lists that share a front need not be compared there
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Items that) || size != that.size || hash != that.hash) {
        return false;
      }
      Items mine = this;
      Items theirs = that;
      while (mine != theirs) {
        if (!mine.last.equals(theirs.last)) {
          return false;
        }
        mine = Objects.requireNonNull(mine.front);
        theirs = Objects.requireNonNull(theirs.front);
      }
      return true;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  @Override
  public State initial() {
    return new State(opensByLogin ? null : Items.NONE);
  }

  @Override
  public @Nullable State step(State state, Operation operation) {
    Items items = state.items();
    boolean refused = operation.outcome() instanceof Outcome.Failed;
    return switch (operation.call()) {
      case LOGIN -> new State(Items.NONE);
      case LOGOUT -> refused && items != null ? null : new State(null);
      case SHOW, ROTATE -> refused == (items == null) ? state : null;
      case ADD -> refused
          ? (items == null ? state : null)
          : items == null ? null : new State(items.with(Objects.requireNonNull(operation.item())));
      // A step may be rejected because of the checkout state, which is not in this model.
      case CHECKOUT -> refused || items != null ? state : null;
      case READ -> refused ? (items == null ? state : null) : read(state, operation);
    };
  }

  private static @Nullable State read(State state, Operation operation) {
    boolean right = state.items() != null && operation.outcome() instanceof Outcome.Ok ok && ok.items() != null
        && state.items().isShownBy(ok.items());
    return right ? state : null;
  }
}
