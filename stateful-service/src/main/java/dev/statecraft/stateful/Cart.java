package dev.statecraft.stateful;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The items of a user, in the order in which they were added, and the state of their checkout. Items are only appended,
 * and only while the state is open, so a recorded history of the cart can be checked. Stores of other projects use Java
 * serialization.
 *
 * @param version increases by one with each change
 */
record Cart(List<String> items, long version, Checkout state) implements Serializable {
  static final Cart EMPTY = new Cart(List.of(), 0, new Checkout.Open());
  static final String ATTRIBUTE = "cart";

  /** Carts from before the checkout existed were stored without a state; they are open. */
  Cart(List<String> items, long version, @Nullable Checkout state) {
    this.items = List.copyOf(items);
    this.version = version;
    this.state = state == null ? new Checkout.Open() : state;
  }

  /** Returns the cart with one more item, or empty if the cart is not open. */
  Optional<Cart> with(String item) {
    if (!(state instanceof Checkout.Open)) {
      return Optional.empty();
    }
    List<String> appended = new ArrayList<>(items.size() + 1);
    appended.addAll(items);
    appended.add(item);
    return Optional.of(new Cart(appended, version + 1, state));
  }

  /** Returns the cart after a checkout step, or empty if the state does not allow the step. */
  Optional<Cart> after(Checkout.Step step) {
    return state.after(step).map(next -> new Cart(items, version + 1, next));
  }
}
