package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which items were in a cart and never showed again. */
final class MissingItemFinder {
  private final Cart cart;
  private final List<Read> reads;

  MissingItemFinder(Cart cart) {
    this.cart = cart;
    this.reads = cart.readsWhileOpen();
  }

  /**
   * The first read that began after an item was last proved to be in the cart, by its acknowledgement or by a read that
   * shows it; such a read misses it, and so does every later one. Null where there is none.
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
   * The first read at which two items or more, one of them acknowledged, are gone at once, and that shows nothing but
   * what was sent after; null where there is none. One lost write explains the loss of one item; more than one is
   * explained best by a new state in the place of the old one.
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
