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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One session and its cart, as all its clients saw it. Immutable after construction. */
public final class Cart {
  private final String session;
  private final List<Operation> operations;
  private final List<Operation> rotations;
  private final Map<String, Item> items = new LinkedHashMap<>();
  private final List<Read> reads = new ArrayList<>();
  private final @Nullable Operation login;
  private final long closed;

  /** Collects the operations of one session, which has at most one login. */
  Cart(String session, Collection<Operation> unordered) {
    this.session = session;
    this.operations = unordered.stream()
        .sorted(Comparator.comparingLong(Operation::invoked).thenComparingLong(Operation::id)).toList();
    this.rotations = operations.stream()
        .filter(operation -> operation.call() == Operation.Call.ROTATE && operation.outcome() instanceof Outcome.Ok)
        .toList();
    this.login = operations.stream().filter(Cart::opens).findFirst().orElse(null);
    this.closed = operations.stream()
        .filter(call -> call.call() == Operation.Call.LOGOUT && !(call.outcome() instanceof Outcome.Failed))
        .mapToLong(Operation::invoked).min().orElse(Item.NEVER);
    operations.stream().filter(operation -> operation.call() == Operation.Call.ADD && operation.item() != null)
        .forEach(add -> item(Objects.requireNonNull(add.item())).sentBy(add));
    for (Operation operation : operations) {
      if (operation.call() == Operation.Call.READ && operation.outcome() instanceof Outcome.Ok ok && ok.items() != null
          && !carriesReplacedId(operation)) {
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
      // Most reads start with the same items as the previous read, which saves look-ups.
      Item item = place < before.size() && before.get(place).name().equals(name) ? before.get(place) : item(name);
      item.shownBy(operation);
      shownItems.add(item);
      shown.set(item.index());
    }
    return new Read(operation, shownItems, shown);
  }

  private Item item(String name) {
    return items.computeIfAbsent(name, _ -> new Item(name, items.size()));
  }

  static boolean opens(Operation operation) {
    return operation.call() == Operation.Call.LOGIN && operation.outcome() instanceof Outcome.Ok;
  }

  /**
   * Tells whether the operation carried an id that an earlier rotation had replaced. A successful answer to it is an
   * anomaly of its own, and its content is not checked.
   */
  public boolean carriesReplacedId(Operation operation) {
    return rotations.stream().anyMatch(rotate -> carriesIdReplacedBy(rotate, operation));
  }

  /** Tells whether a rotation that had completed before the operation replaced its id. */
  static boolean carriesIdReplacedBy(Operation rotate, Operation operation) {
    return rotate.generation() != null && operation.generation() != null
        && operation.generation() <= rotate.generation() && operation.invoked() > rotate.completed();
  }

  public String session() {
    return session;
  }

  /** Returns the operations in the order of invocation. */
  public List<Operation> operations() {
    return operations;
  }

  /** Returns the successful rotations in the order of invocation. */
  List<Operation> rotations() {
    return rotations;
  }

  /** Returns the items that were sent or shown. */
  Collection<Item> items() {
    return items.values();
  }

  /** Returns the answered reads in the order of invocation. */
  public List<Read> reads() {
    return reads;
  }

  /** Returns the reads that completed before a logout can have taken effect, in the order of invocation. */
  List<Read> readsWhileOpen() {
    return closed == Item.NEVER ? reads : reads.stream().filter(read -> read.completed() < closed).toList();
  }

  /** Returns the successful login, or null. */
  @Nullable
  public Operation login() {
    return login;
  }

  /** Returns when the first logout that may have taken effect was invoked. */
  long closed() {
    return closed;
  }
}
