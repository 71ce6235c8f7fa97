package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds items that were in a cart and never appeared again. */
final class MissingItemFinder {
  private final Cart cart;
  private final List<Read> reads;

  MissingItemFinder(Cart cart) {
    this.cart = cart;
    this.reads = cart.readsWhileOpen();
  }

  /**
   * Returns the first read that began after the item was last known to be in the cart, by its acknowledgement or by a
   * read. This read and all later reads miss the item. Null if there is no such read.
   */
  @Nullable
  Read firstReadAfterLastProof(Item item) {
    if (item.known() == Item.NEVER) {
      return null;
    }
    int low = 0;
    int high = reads.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (reads.get(middle).invoked() > item.lastProved()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == reads.size() ? null : reads.get(low);
  }

  /**
   * Returns the first read at which at least two items, one of them acknowledged, disappear together and which shows
   * only items that were sent later; null if there is none. One lost write explains one missing item; a new state in
   * place of the old one explains several best.
   */
  @Nullable
  Operation firstReadOfReplacedCart() {
    Map<Long, List<Item>> goneAt = new HashMap<>();
    for (Item item : cart.items()) {
      Read miss = item.sends().isEmpty() ? null : firstReadAfterLastProof(item);
      if (miss != null) {
        goneAt.computeIfAbsent(miss.operation().id(), id -> new ArrayList<>()).add(item);
      }
    }
    for (Read read : reads) {
      List<Item> gone = goneAt.getOrDefault(read.operation().id(), List.of());
      long lastProved = gone.stream().mapToLong(Item::lastProved).max().orElse(Item.NEVER);
      if (gone.size() > 1 && gone.stream().anyMatch(item -> item.acknowledgement() != null)
          && read.items().stream().allMatch(item -> item.invoked() > lastProved)) {
        return read.operation();
      }
    }
    return null;
  }
}
