package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session and its cart, as all its clients together saw it. Not changed once built. */
public final class Cart {
  private final String session;
  private final List<Operation> operations;
  private final List<Operation> rotations;
  private final Map<String, Item> items = new LinkedHashMap<>();
  private final List<Read> reads = new ArrayList<>();
  private final @Nullable Operation login;
  private final long closed;

  /** The operations of one session, which one login at most opened. */
  Cart(String session, Collection<Operation> unordered) {
    this.session = session;
    this.operations = unordered.stream()
        .sorted(Comparator.comparingLong(Operation::invoked).thenComparingLong(Operation::id)).toList();
    this.rotations = operations.stream()
        .filter(operation -> operation.call() == Operation.Call.ROTATE && operation.outcome() instanceof Outcome.Ok)
        .toList();
    this.login = operations.stream().filter(Cart::opens).findFirst().orElse(null);
    this.closed = operations.stream().filter(Cart::mayClose).mapToLong(Operation::invoked).min().orElse(Item.NEVER);
    for (Operation operation : operations) {
      String sent = operation.item();
      if (operation.call() == Operation.Call.ADD && sent != null) {
        item(sent).sentBy(operation);
      }
    }
    for (Operation operation : operations) {
      if (operation.call() == Operation.Call.READ && operation.outcome() instanceof Outcome.Ok ok
          && ok.items() != null && !carriesADeadId(operation)) {
        reads.add(read(operation, ok.items()));
      }
    }
  }

  private Read read(Operation operation, List<String> names) {
    List<Item> shownItems = new ArrayList<>(names.size());
    BitSet shown = new BitSet(items.size());
    List<Item> before = reads.isEmpty() ? List.of() : reads.getLast().items();
    for (int place = 0; place < names.size(); place++) {
      String name = names.get(place);
      // Most reads begin as the last one does, which saves a look-up for each item.
      Item item = place < before.size() && before.get(place).name().equals(name) ? before.get(place) : item(name);
      item.shownBy(operation);
      shownItems.add(item);
      shown.set(item.index());
    }
    return new Read(operation, shownItems, shown);
  }

  private Item item(String name) {
    Item known = items.get(name);
    if (known == null) {
      known = new Item(name, items.size());
      items.put(name, known);
    }
    return known;
  }

  /** Whether this opened the session. */
  static boolean opens(Operation operation) {
    return operation.call() == Operation.Call.LOGIN && operation.outcome() instanceof Outcome.Ok;
  }

  private static boolean mayClose(Operation operation) {
    return operation.call() == Operation.Call.LOGOUT && !(operation.outcome() instanceof Outcome.Failed);
  }

  /**
   * Whether an id came along that a rotation had replaced before. That it is answered is an anomaly of its own; what
   * the answer shows is then nothing that anybody was promised.
   */
  public boolean carriesADeadId(Operation operation) {
    return rotations.stream().anyMatch(rotate -> carriesAnIdReplacedBy(rotate, operation));
  }

  /** Whether the id that came along was replaced by a rotation that was over before. */
  static boolean carriesAnIdReplacedBy(Operation rotate, Operation operation) {
    return rotate.generation() != null && operation.generation() != null
        && operation.generation() <= rotate.generation() && operation.invoked() > rotate.completed();
  }

  public String session() {
    return session;
  }

  /** In the order in which they were invoked. */
  public List<Operation> operations() {
    return operations;
  }

  /** The rotations that were answered with success, in the order in which they were invoked. */
  List<Operation> rotations() {
    return rotations;
  }

  /** Those that were sent or shown. */
  Collection<Item> items() {
    return items.values();
  }

  /** The reads that were answered, in the order in which they were invoked. */
  public List<Read> reads() {
    return reads;
  }

  /** The reads that were over before a logout can have taken effect, in the order in which they were invoked. */
  List<Read> readsWhileOpen() {
    return closed == Item.NEVER ? reads : reads.stream().filter(read -> read.completed() < closed).toList();
  }

  /** The login that was answered with success, where there was one. */
  @Nullable
  public Operation login() {
    return login;
  }

  /** When a logout was first invoked that may have taken effect. */
  long closed() {
    return closed;
  }
}
