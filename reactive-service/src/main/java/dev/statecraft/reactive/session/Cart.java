package dev.statecraft.reactive.session;

import java.util.List;
import java.util.stream.Stream;

/**
 * The items of a user, in the order in which they were added.
 *
 * @param version increases by one with each change
 */
record Cart(List<String> items, long version) {
  static final Cart EMPTY = new Cart(List.of(), 0);

  Cart {
    items = List.copyOf(items);
  }

  Cart with(String item) {
    return new Cart(Stream.concat(items.stream(), Stream.of(item)).toList(), version + 1);
  }
}
