package dev.statecraft.stateful;

import java.util.ArrayList;
import java.util.List;

/**
 * What a user has put aside, in the order in which it was added. Only ever appended to, so that a recorded history of it
 * can be checked.
 *
 * @param version grows by one with each change of the session's state
 */
record Cart(List<String> items, long version) {
  static final Cart EMPTY = new Cart(List.of(), 0);
  static final String ATTRIBUTE = "cart";

  Cart {
    items = List.copyOf(items);
  }

  Cart with(String item) {
    List<String> more = new ArrayList<>(items.size() + 1);
    more.addAll(items);
    more.add(item);
    return new Cart(more, version + 1);
  }
}
