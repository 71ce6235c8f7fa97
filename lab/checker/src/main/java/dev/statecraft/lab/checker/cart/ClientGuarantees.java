package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks the four session guarantees for each client. For one use by one thread. */
final class ClientGuarantees {
  private static final int ABSENT = Integer.MAX_VALUE;

  private final Cart cart;
  private final List<Read> reads;
  private final Map<Integer, Client> clients = new TreeMap<>();
  private final List<Anomaly> found = new ArrayList<>();
  private final Set<Shown> reported = new HashSet<>();
  private final int[] positionInRead;

  ClientGuarantees(Cart cart, @Nullable SessionLoss loss) {
    this.cart = cart;
    this.reads = cart.readsWhileOpen().stream()
        .filter(read -> loss == null || read.invoked() < loss.shownBy().invoked()).toList();
    this.positionInRead = new int[cart.items().size()];
    Arrays.fill(positionInRead, ABSENT);
    for (Item item : cart.items()) {
      Operation acknowledgement = item.acknowledgement();
      if (acknowledgement != null) {
        client(acknowledgement).written.add(new Fact(item, acknowledgement));
      }
      if (item.sends().size() == 1) {
        client(item.sends().getFirst()).sent.add(item);
      }
    }
    reads.stream().sorted(Comparator.comparingLong(Read::completed))
        .forEach(read -> client(read.operation()).wasShown(read));
    for (Client client : clients.values()) {
      client.written.sort(Comparator.comparingLong(Fact::since));
      client.sent.sort(Comparator.comparingLong(Item::invoked));
    }
  }

  /** The fact that an item is in the cart, and the operation that told its client. */
  private record Fact(Item item, Operation source) {
    long since() {
      return source.completed();
    }
  }

  private record Shown(AnomalyKind kind, String item) {}

  private static final class Client {
    private final List<Fact> written = new ArrayList<>();
    private final List<Fact> shown = new ArrayList<>();
    private final Set<Item> everShown = new HashSet<>();
    private final List<Item> sent = new ArrayList<>();

    void wasShown(Read read) {
      for (Item item : read.items()) {
        if (!item.phantom() && everShown.add(item)) {
          shown.add(new Fact(item, read.operation()));
        }
      }
    }
  }

  private Client client(Operation operation) {
    return clients.computeIfAbsent(operation.client(), number -> new Client());
  }

  List<Anomaly> find() {
    for (Read read : reads) {
      for (int place = 0; place < read.items().size(); place++) {
        int item = read.items().get(place).index();
        positionInRead[item] = Math.min(positionInRead[item], place);
      }
      Client reader = client(read.operation());
      mustShow(AnomalyKind.READ_YOUR_WRITES, reader.written, read, "was acknowledged to the same client by");
      mustShow(AnomalyKind.MONOTONIC_READS, reader.shown, read, "was shown to the same client by");
      for (Client writer : clients.values()) {
        mustShowInFront(AnomalyKind.MONOTONIC_WRITES, writer.written, writer.sent, read);
        mustShowInFront(AnomalyKind.WRITES_FOLLOW_READS, writer.shown, writer.sent, read);
      }
      read.items().forEach(item -> positionInRead[item.index()] = ABSENT);
    }
    return found;
  }

  private void mustShow(AnomalyKind kind, List<Fact> facts, Read read, String because) {
    for (Fact fact : facts) {
      if (fact.since() >= read.invoked()) {
        return;
      }
      if (!read.shows(fact.item())) {
        String explanation = "Item \"%s\" %s %s, but is missing from %s.".formatted(fact.item().name(), because,
            Explanations.of(fact.source()), Explanations.of(read.operation()));
        found.add(anomaly(kind, fact.item(), explanation, fact.source(), read.operation()));
        return;
      }
    }
  }

  private void mustShowInFront(AnomalyKind kind, List<Fact> facts, List<Item> sent, Read read) {
    int next = 0;
    Fact worst = null;
    int furthest = -1;
    for (Item item : sent) {
      while (next < facts.size() && facts.get(next).since() < item.invoked()) {
        Fact fact = facts.get(next++);
        // An item that was sent twice may appear twice: its position proves nothing, its absence does.
        int position = fact.item().sends().size() > 1 && read.shows(fact.item())
            ? -1
            : positionInRead[fact.item().index()];
        if (position > furthest) {
          furthest = position;
          worst = fact;
        }
      }
      if (worst != null && read.shows(item) && furthest > positionInRead[item.index()]
          && reported.add(new Shown(kind, item.name()))) {
        found.add(outOfPlace(kind, worst, item, read));
      }
    }
  }

  private Anomaly outOfPlace(AnomalyKind kind, Fact fact, Item item, Read read) {
    Operation sent = item.sends().getFirst();
    return anomaly(kind, fact.item(),
        "The client of %s knew of item \"%s\" since %s, but %s shows \"%s\" %s it.".formatted(Explanations.of(sent),
            fact.item().name(), Explanations.of(fact.source()), Explanations.of(read.operation()), item.name(),
            read.shows(fact.item()) ? "before" : "without"),
        fact.source(), sent, read.operation());
  }

  private Anomaly anomaly(AnomalyKind kind, Item item, String explanation, Operation... proof) {
    return new Anomaly(kind, cart.session(), item.name(), 0, explanation, Explanations.proof(proof));
  }
}
