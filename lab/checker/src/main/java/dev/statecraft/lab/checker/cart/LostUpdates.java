package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds lost writes that a concurrent write of another client explains. */
final class LostUpdates {
  private LostUpdates() {}

  static List<Anomaly> find(Cart cart, MissingItemFinder missingItems, @Nullable SessionLoss loss) {
    List<Anomaly> found = new ArrayList<>();
    for (Item item : cart.items()) {
      Operation write = item.acknowledgement();
      Read miss = missingItems.firstReadAfterLastProof(item);
      if (write != null && miss != null && (loss == null || !loss.items().contains(item))) {
        miss.items().stream().filter(other -> overlaps(write, other)).findFirst()
            .ifPresent(other -> found.add(anomaly(cart, item, write, other.sends().getFirst(), miss.operation())));
      }
    }
    return found;
  }

  private static boolean overlaps(Operation write, Item other) {
    if (other.sends().size() != 1) {
      return false;
    }
    Operation sent = other.sends().getFirst();
    long end = sent.outcome() instanceof Outcome.Ok ? sent.completed() : other.firstShown();
    return sent.client() != write.client() && sent.invoked() <= write.completed() && write.invoked() <= end;
  }

  private static Anomaly anomaly(Cart cart, Item item, Operation write, Operation winner, Operation miss) {
    return new Anomaly(AnomalyKind.LOST_UPDATE, cart.session(), item.name(), 0,
        "Item \"%s\" was acknowledged to %s while %s was under way; %s shows the second item and not the first."
            .formatted(item.name(), Explanations.of(write), Explanations.of(winner), Explanations.of(miss)),
        Explanations.proof(write, winner, miss));
  }
}
