package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.Operation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds lost writes, stale reads and backward reads. For one use by one thread. */
final class MissingItems {
  private final Cart cart;
  private final MissingItemFinder missingItems;
  private final @Nullable SessionLoss loss;
  private final List<Anomaly> found = new ArrayList<>();
  /** The items that a read that begins now should show and that appear again later. */
  private final List<Item> due = new ArrayList<>();
  private final BitSet everDue = new BitSet();
  /** By index of the item: the last read before now that shows it. */
  private final @Nullable Read[] lastShow;
  private final Set<Vanishing> counted = new HashSet<>();

  MissingItems(Cart cart, MissingItemFinder missingItems, @Nullable SessionLoss loss) {
    this.cart = cart;
    this.missingItems = missingItems;
    this.loss = loss;
    this.lastShow = new Read[cart.items().size()];
  }

  List<Anomaly> find() {
    lostWrites();
    List<Item> byAcknowledgement = cart.items().stream().filter(item -> item.acknowledgement() != null)
        .sorted(Comparator.comparingLong(Item::acknowledged)).toList();
    List<Read> byCompletion = cart.reads().stream().sorted(Comparator.comparingLong(Read::completed)).toList();
    int acknowledged = 0;
    int over = 0;
    for (Read read : cart.readsWhileOpen()) {
      while (acknowledged < byAcknowledgement.size()
          && byAcknowledgement.get(acknowledged).acknowledged() < read.invoked()) {
        becomesDue(byAcknowledgement.get(acknowledged++));
      }
      while (over < byCompletion.size() && byCompletion.get(over).completed() < read.invoked()) {
        showed(byCompletion.get(over++));
      }
      check(read);
    }
    return found;
  }

  private void showed(Read read) {
    for (Item item : read.items()) {
      if (!item.phantom()) {
        lastShow[item.index()] = read;
        becomesDue(item);
      }
    }
  }

  private void becomesDue(Item item) {
    if (!everDue.get(item.index())) {
      everDue.set(item.index());
      due.add(item);
    }
  }

  private void check(Read read) {
    Item stale = null;
    Item vanished = null;
    Set<Item> countedAsLost = new HashSet<>();
    for (Item item : due) {
      if (read.shows(item)) {
        continue;
      }
      if (isLost(item, read)) {
        if (item.acknowledgement() != null || wasLostWithSession(item)) {
          countedAsLost.add(item);
          continue;
        }
      } else if (stale == null && item.acknowledged() < read.invoked()) {
        stale = item;
      }
      if (isFirstMissSinceShown(item, read) && vanished == null) {
        vanished = item;
      }
    }
    due.removeAll(countedAsLost);
    if (stale != null) {
      found.add(staleRead(read, stale));
    }
    if (vanished != null) {
      found.add(backwardRead(read, vanished, Objects.requireNonNull(lastShow[vanished.index()])));
    }
  }

  private boolean isFirstMissSinceShown(Item item, Read read) {
    Read shown = lastShow[item.index()];
    return shown != null && counted.add(new Vanishing(item.index(), shown.operation().id(), read.operation().client()));
  }

  private boolean isLost(Item item, Read read) {
    Read miss = missingItems.firstReadAfterLastProof(item);
    return (miss != null && read.invoked() >= miss.invoked())
        || (wasLostWithSession(item) && loss != null && read.invoked() >= loss.shownBy().invoked());
  }

  private boolean wasLostWithSession(Item item) {
    return loss != null && loss.items().contains(item);
  }

  private void lostWrites() {
    for (Item item : cart.items()) {
      Operation acknowledgement = item.acknowledgement();
      Read miss = missingItems.firstReadAfterLastProof(item);
      if (acknowledgement != null && miss != null && !wasLostWithSession(item)) {
        found.add(lostWrite(item, acknowledgement, miss.operation()));
      }
    }
  }

  private Anomaly lostWrite(Item item, Operation acknowledgement, Operation miss) {
    Operation shown = item.lastShow();
    String history = shown == null ? "no read ever showed it" : "last shown by " + Explanations.of(shown);
    return anomaly(AnomalyKind.LOST_ACKNOWLEDGED_WRITE, item,
        "Item \"%s\" was acknowledged to %s (%s), but is missing from %s and from every later read."
            .formatted(item.name(), Explanations.of(acknowledgement), history, Explanations.of(miss)),
        acknowledgement, shown, miss);
  }

  private Anomaly staleRead(Read read, Item item) {
    Operation acknowledgement = Objects.requireNonNull(item.acknowledgement());
    Operation shown = Objects.requireNonNull(item.lastShow());
    return anomaly(AnomalyKind.STALE_READ, item,
        "Item \"%s\" was acknowledged to %s, but is missing from %s; it is not lost, because %s shows it.".formatted(
            item.name(), Explanations.of(acknowledgement), Explanations.of(read.operation()), Explanations.of(shown)),
        acknowledgement, read.operation(), shown);
  }

  private Anomaly backwardRead(Read read, Item item, Read shown) {
    return anomaly(AnomalyKind.BACKWARD_READ, item,
        "Item \"%s\" was shown by %s, but is missing from %s, which began later.".formatted(item.name(),
            Explanations.of(shown.operation()), Explanations.of(read.operation())),
        shown.operation(), read.operation());
  }

  private Anomaly anomaly(AnomalyKind kind, Item item, String explanation, @Nullable Operation... proof) {
    return new Anomaly(kind, cart.session(), item.name(), 0, explanation, Explanations.proof(proof));
  }

  /** An item that one read showed last and that one client misses; counted at the first read that misses it. */
  private record Vanishing(int item, long lastShow, int client) {}
}
