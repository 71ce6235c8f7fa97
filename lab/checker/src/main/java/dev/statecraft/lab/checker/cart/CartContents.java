package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds phantoms and duplicates. */
final class CartContents {
  private CartContents() {}

  static List<Anomaly> phantoms(Cart cart, Map<String, Operation> senders) {
    List<Anomaly> found = new ArrayList<>();
    for (Item item : cart.items()) {
      Operation show = item.firstShow();
      if (show != null && item.phantom()) {
        Operation send = sender(item, senders);
        found.add(new Anomaly(AnomalyKind.PHANTOM, cart.session(), item.name(), 0,
            "Item \"%s\" is shown by %s, but %s.".formatted(item.name(), Explanations.of(show), why(item, send, cart)),
            Explanations.proof(send, show)));
      }
    }
    return found;
  }

  private static @Nullable Operation sender(Item item, Map<String, Operation> senders) {
    if (!item.refusals().isEmpty()) {
      return item.refusals().getFirst();
    }
    return item.sends().isEmpty() ? senders.get(item.name()) : item.sends().getFirst();
  }

  private static String why(Item item, @Nullable Operation send, Cart cart) {
    if (send == null) {
      return "no client sent it";
    }
    if (!send.session().equals(cart.session())) {
      return "it was sent only to session %s, by %s".formatted(send.session(), Explanations.of(send));
    }
    return item.refusals().isEmpty()
        ? "it was sent only later, by " + Explanations.of(send)
        : "it was rejected: " + Explanations.of(send);
  }

  static List<Anomaly> duplicates(Cart cart) {
    List<Anomaly> found = new ArrayList<>();
    Set<Item> reported = new HashSet<>();
    for (Read read : cart.reads()) {
      if (read.shown().cardinality() == read.items().size()) {
        continue;
      }
      for (Item item : new HashSet<>(read.items())) {
        long shown = Collections.frequency(read.items(), item);
        List<Operation> sends = item.sends().stream().filter(send -> send.invoked() <= read.completed()).toList();
        if (shown > sends.size() && !sends.isEmpty() && reported.add(item)) {
          found.add(duplicate(cart, read, item, shown, sends));
        }
      }
    }
    return found;
  }

  private static Anomaly duplicate(Cart cart, Read read, Item item, long shown, List<Operation> sends) {
    List<Operation> proof = new ArrayList<>(sends);
    proof.add(read.operation());
    return new Anomaly(AnomalyKind.DUPLICATE, cart.session(), item.name(), 0,
        "Item \"%s\" is shown %s by %s, but was sent %s.".formatted(item.name(), Explanations.count(shown, "time"),
            Explanations.of(read.operation()), Explanations.count(sends.size(), "time")),
        Explanations.proof(proof.toArray(Operation[]::new)));
  }
}
