package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds order disagreements: checks whether one order of appends explains all reads. For one use by one thread. */
final class ItemOrder {
  private static final int ABSENT = -1;
  /** Bounds the searches through all reads. Unsuccessful searches are rare, but a broken history has many. */
  private static final int MAX_SEARCHES = 100;

  private final Cart cart;
  private final MissingItemFinder missingItems;
  private final @Nullable SessionLoss loss;
  private final List<Anomaly> found = new ArrayList<>();
  private final BitSet reported = new BitSet();
  private final int[] searches;
  private final List<Read> reads;
  /** The order of items on which the reads agree so far. */
  private final List<Item> merged = new ArrayList<>();
  private final int[] positionInMerged;
  private final int[] positionInRead;

  ItemOrder(Cart cart, MissingItemFinder missingItems, @Nullable SessionLoss loss) {
    this.cart = cart;
    this.missingItems = missingItems;
    this.loss = loss;
    this.reads = cart.reads().stream().sorted(Comparator.comparingLong(Read::completed)).toList();
    this.searches = new int[cart.items().size()];
    this.positionInMerged = new int[cart.items().size()];
    this.positionInRead = new int[cart.items().size()];
    Arrays.fill(positionInMerged, ABSENT);
    Arrays.fill(positionInRead, ABSENT);
  }

  List<Anomaly> find() {
    for (int number = 0; number < reads.size(); number++) {
      Read read = reads.get(number);
      List<Item> line = line(read);
      mark(line);
      againstTime(read, line);
      againstEarlierReads(number, line);
      merge(line);
      unmark(line);
    }
    List<Item> byKnown = cart.items().stream().filter(item -> item.known() != Item.NEVER && hasOnePlace(item))
        .sorted(Comparator.comparingLong(Item::known)).toList();
    for (Read read : reads) {
      List<Item> line = line(read);
      mark(line);
      gapsAgainstTime(read, line, byKnown);
      gapsAgainstOtherReads(read, line);
      unmark(line);
    }
    return found;
  }

  /** An item that was sent twice has no single position, and a phantom has none. */
  private static boolean hasOnePlace(Item item) {
    return item.sends().size() == 1 && !item.phantom();
  }

  private static List<Item> line(Read read) {
    boolean plain = read.shown().cardinality() == read.items().size();
    for (Item item : read.items()) {
      plain &= hasOnePlace(item);
    }
    return plain ? read.items() : read.items().stream().filter(ItemOrder::hasOnePlace).distinct().toList();
  }

  private void mark(List<Item> line) {
    for (int position = 0; position < line.size(); position++) {
      positionInRead[line.get(position).index()] = position;
    }
  }

  private void unmark(List<Item> line) {
    line.forEach(item -> positionInRead[item.index()] = ABSENT);
  }

  private void againstTime(Read read, List<Item> line) {
    Item latest = null;
    for (Item item : line) {
      if (latest != null && item.known() < latest.invoked()) {
        reportAgainstTime(
            "Item \"%s\" was in the cart (%s) before \"%s\" was sent (%s), but comes after it in %s.",
            item, latest, read);
      }
      if (latest == null || item.invoked() > latest.invoked()) {
        latest = item;
      }
    }
  }

  private void againstEarlierReads(int number, List<Item> line) {
    int furthest = ABSENT;
    for (Item item : line) {
      int position = positionInMerged[item.index()];
      if (position != ABSENT && position < furthest && isOpen(item)) {
        searches[item.index()]++;
        searchEarlierReads(number, item);
      }
      furthest = Math.max(furthest, position);
    }
  }

  private void searchEarlierReads(int number, Item item) {
    int place = positionInRead[item.index()];
    for (Read earlier : reads.subList(0, number)) {
      if (!earlier.shows(item)) {
        continue;
      }
      boolean behind = false;
      for (Item other : earlier.items()) {
        if (behind && positionInRead[other.index()] != ABSENT && positionInRead[other.index()] < place) {
          reportPair("Item \"%s\" comes before \"%s\" in %s, but after it in %s.", item, other, earlier,
              reads.get(number));
          return;
        }
        behind |= other == item;
      }
    }
  }

  private void merge(List<Item> line) {
    List<Item> fresh = new ArrayList<>();
    boolean moved = false;
    for (Item item : line) {
      if (positionInMerged[item.index()] == ABSENT) {
        fresh.add(item);
      } else if (!fresh.isEmpty()) {
        merged.addAll(positionInMerged[item.index()], fresh);
        fresh.clear();
        moved = true;
        number(0);
      }
    }
    int end = merged.size();
    merged.addAll(fresh);
    number(moved ? 0 : end);
  }

  private void number(int from) {
    for (int position = from; position < merged.size(); position++) {
      positionInMerged[merged.get(position).index()] = position;
    }
  }

  private void gapsAgainstTime(Read read, List<Item> line, List<Item> byKnown) {
    Item latest = line.stream().max(Comparator.comparingLong(Item::invoked)).orElse(null);
    if (latest == null || latest.invoked() <= read.invoked()) {
      return;
    }
    byKnown.stream().takeWhile(item -> item.known() < latest.invoked()).filter(item -> isUnexplainedGap(item, read))
        .forEach(item -> reportAgainstTime(
            "Item \"%s\" was in the cart (%s) before \"%s\" was sent (%s), but %s shows only the second.",
            item, latest, read));
  }

  private void reportAgainstTime(String explanation, Item item, Item latest, Read read) {
    Operation sent = latest.sends().getFirst();
    report(item, explanation.formatted(item.name(), Explanations.of(item.knownBy()), latest.name(),
        Explanations.of(sent), Explanations.of(read.operation())), item.knownBy(), sent, read.operation());
  }

  private void gapsAgainstOtherReads(Read read, List<Item> line) {
    int last = line.stream().mapToInt(item -> positionInMerged[item.index()]).max().orElse(ABSENT);
    for (int position = 0; position < last; position++) {
      Item item = merged.get(position);
      if (isUnexplainedGap(item, read) && isOpen(item)) {
        searches[item.index()]++;
        searchForPredecessor(read, line, item);
      }
    }
  }

  private void searchForPredecessor(Read read, List<Item> line, Item item) {
    for (Read other : reads) {
      if (!other.shows(item)) {
        continue;
      }
      boolean behind = false;
      for (Item second : other.items()) {
        if (behind && positionInRead[second.index()] != ABSENT) {
          reportPair("Item \"%s\" comes before \"%s\" in %s, but %s shows only the second.", item, second, other, read);
          return;
        }
        behind |= second == item;
      }
      for (Item second : line) {
        if (isUnexplainedGap(second, other)) {
          reportPair("Item \"%s\" is shown without \"%s\" by %s, but %s shows only the second.", item, second, other,
              read);
          return;
        }
      }
    }
  }

  private void reportPair(String explanation, Item item, Item second, Read first, Read other) {
    report(item, explanation.formatted(item.name(), second.name(), Explanations.of(first.operation()),
        Explanations.of(other.operation())), first.operation(), other.operation());
  }

  /** Tells whether a read misses an item for a reason other than a loss, a stale read or a backward read. */
  private boolean isUnexplainedGap(Item item, Read read) {
    if (read.shows(item) || item.known() < read.invoked()) {
      return false;
    }
    boolean lost = item.acknowledgement() != null && missingItems.firstReadAfterLastProof(item) != null;
    return !lost && (loss == null || !loss.items().contains(item));
  }

  private boolean isOpen(Item item) {
    return !reported.get(item.index()) && searches[item.index()] < MAX_SEARCHES;
  }

  private void report(Item item, String explanation, @Nullable Operation... proof) {
    if (!reported.get(item.index())) {
      reported.set(item.index());
      found.add(new Anomaly(AnomalyKind.ORDER_DISAGREEMENT, cart.session(), item.name(), 0, explanation,
          Explanations.proof(proof)));
    }
  }
}
