package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.history.Operation;
import java.util.BitSet;
import java.util.List;

/**
 * An answered read.
 *
 * @param items in the order shown
 * @param shown the indexes of those items
 */
public record Read(Operation operation, List<Item> items, BitSet shown) {
  boolean shows(Item item) {
    return shown.get(item.index());
  }

  long invoked() {
    return operation.invoked();
  }

  long completed() {
    return operation.completed();
  }
}
