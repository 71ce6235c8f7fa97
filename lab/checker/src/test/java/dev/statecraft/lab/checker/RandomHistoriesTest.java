package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Verdict;
import dev.statecraft.lab.checker.cart.CartChecker;
import dev.statecraft.lab.checker.cart.SessionChecker;
import dev.statecraft.lab.checker.linearizability.Linearizability;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Random legal histories, and the anomaly that one planted fault in each causes. */
class RandomHistoriesTest {
  @Property
  void legalHistoryIsClean(@ForAll int seed) {
    List<Operation> operations = new ArrayList<>(legal(seed));
    History history = history(operations);
    assertThat(SessionChecker.check(history)).isEmpty();
    assertThat(Linearizability.check(history, Bound.ofSteps(100_000)).anomalies()).isEmpty();
    Collections.shuffle(operations, new Random(seed));
    assertThat(verdict(operations).anomalies()).isEmpty();
  }

  @Property
  void writeMissingFromEveryReadIsLost(@ForAll int seed) {
    List<Operation> operations = legal(seed);
    Operation write = random(operations, seed, RandomHistoriesTest::isAcknowledged);
    Assume.that(operations.stream().anyMatch(operation -> isReadAfter(operation, write)));
    Verdict verdict = verdict(mapReads(operations, read -> true, items -> without(items, write.item())));
    assertThat(verdict.counts()).isEqualTo(Map.of(AnomalyKind.LOST_ACKNOWLEDGED_WRITE, 1L));
    assertThat(verdict.anomalies().getFirst().item()).isEqualTo(write.item());
    assertThat(verdict.anomalies().getFirst().operations()).hasSize(2).contains(write);
  }

  @Property
  void writeMissingFromOneReadIsStale(@ForAll int seed) {
    List<Operation> operations = legal(seed);
    Operation write = random(operations, seed, RandomHistoriesTest::isAcknowledged);
    List<Operation> after = operations.stream().filter(operation -> isReadAfter(operation, write)).toList();
    Assume.that(!after.isEmpty());
    Operation stale = after.getFirst();
    Assume.that(after.stream().anyMatch(read -> read.invoked() > stale.completed()));
    Verdict verdict = verdict(
        mapReads(operations, read -> read.id() == stale.id(),
            items -> items.subList(0, items.indexOf(write.item()))));
    assertThat(verdict.count(AnomalyKind.STALE_READ)).isEqualTo(1);
    assertThat(verdict.counts()).doesNotContainKeys(
        AnomalyKind.LOST_ACKNOWLEDGED_WRITE,
        AnomalyKind.LOST_SESSION,
        AnomalyKind.DUPLICATE,
        AnomalyKind.PHANTOM,
        AnomalyKind.ORDER_DISAGREEMENT);
  }

  @Property
  void itemShownTwiceIsADuplicate(@ForAll int seed) {
    List<Operation> operations = legal(seed);
    Operation read = random(operations, seed, operation -> !shown(operation).isEmpty());
    String item = shown(read).get(new Random(seed).nextInt(shown(read).size()));
    Verdict verdict = verdict(mapReads(operations, one -> one.id() == read.id(), items -> with(items, item)));
    assertThat(verdict.counts()).isEqualTo(Map.of(AnomalyKind.DUPLICATE, 1L));
    assertThat(verdict.anomalies().getFirst().operations()).hasSize(2)
        .extracting(Operation::id).contains(read.id());
  }

  @Property
  void itemThatNoClientSentIsPhantom(@ForAll int seed) {
    List<Operation> operations = legal(seed);
    Operation read = random(operations, seed, operation -> operation.call() == Call.READ);
    Verdict verdict = verdict(mapReads(operations, one -> one.id() == read.id(), items -> with(items, "ghost")));
    assertThat(verdict.counts()).isEqualTo(Map.of(AnomalyKind.PHANTOM, 1L));
  }

  @Property
  void swappedItemsDisagree(@ForAll int seed) {
    List<Operation> operations = legal(seed);
    List<Operation> longReads = operations.stream().filter(operation -> shown(operation).size() > 1).toList();
    Assume.that(longReads.size() >= 2);
    Operation read = longReads.get(new Random(seed).nextInt(longReads.size()));
    Verdict verdict = verdict(mapReads(operations, one -> one.id() == read.id(), items -> {
      List<String> swapped = new ArrayList<>(items);
      swapped.set(0, items.get(1));
      swapped.set(1, items.get(0));
      return swapped;
    }));
    assertThat(verdict.counts().keySet()).containsExactly(AnomalyKind.ORDER_DISAGREEMENT);
  }

  @Property
  void forgottenSessionIsLostOnce(@ForAll int seed) {
    List<Operation> operations = legal(seed);
    long crash = operations.stream().mapToLong(Operation::completed).max().orElse(0) / 2;
    List<Operation> crashed = operations.stream().map(operation -> crashed(operation, crash)).toList();
    List<Operation> after = crashed.stream().filter(operation -> operation.invoked() > crash).toList();
    long known = crashed.stream()
        .flatMap(operation -> isAcknowledged(operation) ? Stream.of(operation.item()) : shown(operation).stream())
        .distinct().count();
    Assume.that(!after.isEmpty());
    Verdict verdict = verdict(crashed);
    assertThat(verdict.counts()).isEqualTo(Map.of(AnomalyKind.LOST_SESSION, 1L));
    assertThat(verdict.lostItems()).isEqualTo(known);
  }

  private static List<Operation> legal(int seed) {
    Random random = new Random(seed);
    return new SimulatedCart(random, 1 + random.nextInt(4), 3 + random.nextInt(12), 0.2).run("s");
  }

  private static Verdict verdict(List<Operation> operations) {
    return CartChecker.check(history(operations));
  }

  private static History history(List<Operation> operations) {
    return SimulatedCart.history(operations);
  }

  private static Operation random(
      List<Operation> operations, int seed, Predicate<Operation> wanted) {
    List<Operation> candidates = operations.stream().filter(wanted).toList();
    Assume.that(!candidates.isEmpty());
    return candidates.get(new Random(seed).nextInt(candidates.size()));
  }

  private static boolean isAcknowledged(Operation operation) {
    return operation.call() == Call.ADD && operation.outcome() instanceof Outcome.Ok;
  }

  private static boolean isReadAfter(Operation operation, Operation write) {
    return operation.call() == Call.READ && operation.invoked() > write.completed();
  }

  private static List<String> shown(Operation operation) {
    return operation.outcome() instanceof Outcome.Ok ok && ok.items() != null ? ok.items() : List.of();
  }

  private static List<Operation> mapReads(
      List<Operation> operations, Predicate<Operation> which, UnaryOperator<List<String>> change) {
    return operations.stream()
        .map(
            operation -> operation.call() == Call.READ && which.test(operation)
                ? answered(operation, new Outcome.Ok(200, change.apply(shown(operation))))
                : operation)
        .sorted(Comparator.comparingLong(Operation::id)).toList();
  }

  private static Operation answered(Operation operation, Outcome outcome) {
    return new Operation(
        operation.id(),
        operation.client(),
        operation.session(),
        operation.call(),
        operation.item(),
        operation.scheduled(),
        operation.invoked(),
        operation.completed(),
        outcome,
        operation.servedBy());
  }

  private static Operation crashed(Operation operation, long crash) {
    if (operation.completed() <= crash) {
      return operation;
    }
    return answered(
        operation,
        operation.invoked() > crash ? new Outcome.Failed(401, "no session") : new Outcome.Unknown(0, "cut"));
  }

  private static List<String> without(List<String> items, @Nullable String item) {
    return items.stream().filter(one -> !one.equals(item)).toList();
  }

  private static List<String> with(List<String> items, String item) {
    List<String> more = new ArrayList<>(items);
    more.add(item);
    return more;
  }
}
