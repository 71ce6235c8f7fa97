package dev.statecraft.stateful;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a user has put aside, in the order in which it was added, and how far its purchase has come. Only ever appended
 * to, and no longer once it is reserved, so that a recorded history of it can be checked.
 *
 * @param version grows by one with each change of the session's state
 */
record Cart(List<String> items, long version, Checkout state) {
  static final Cart EMPTY = new Cart(List.of(), 0, new Checkout.Open());
  static final String ATTRIBUTE = "cart";

  /** A cart that was stored before there was a checkout has no state, and is open. */
  Cart(List<String> items, long version, @Nullable Checkout state) {
    this.items = List.copyOf(items);
    this.version = version;
    this.state = state == null ? new Checkout.Open() : state;
  }

  /** The cart with one item more, or empty where none may be added any more. */
  Optional<Cart> with(String item) {
    if (!(state instanceof Checkout.Open)) {
      return Optional.empty();
    }
    List<String> more = new ArrayList<>(items.size() + 1);
    more.addAll(items);
    more.add(item);
    return Optional.of(new Cart(more, version + 1, state));
  }

  /** The cart after a step of its checkout, or empty where the step leads nowhere. */
  Optional<Cart> after(Checkout.Step step) {
    return state.after(step).map(next -> new Cart(items, version + 1, next));
  }
}
