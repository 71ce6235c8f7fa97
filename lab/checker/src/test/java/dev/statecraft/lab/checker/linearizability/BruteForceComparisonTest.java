package dev.statecraft.lab.checker.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.statecraft.lab.checker.SimulatedCart;
import dev.statecraft.lab.checker.cart.CartChecker;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

class BruteForceComparisonTest {

  /** Three checkers that share no code: the rules for carts, the search for an order, and the definition itself. */
  @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(onFailureOnly = true)
  void rulesSearchAndDefinitionAgree(@ForAll long seed) {
    List<Operation> operations = smallHistory(new Random(seed));
    History history = SimulatedCart.history(operations);
    boolean linearizable = BruteForce.isLinearizable(operations);

    assertThat(CartChecker.check(history).isClean()).as("by the rules: %s", operations).isEqualTo(linearizable);
    Linearizability.Findings findings = Linearizability.check(history, Bound.ofSteps(1_000_000));
    assertThat(findings.anomalies().isEmpty()).as("by the search: %s", operations).isEqualTo(linearizable);
    assertThat(findings.undecided()).isEmpty();
    Statistics.collect(linearizable);
    Statistics.coverage(coverage -> {
      coverage.check(true).percentage(percent -> percent > 20);
      coverage.check(false).percentage(percent -> percent > 20);
    });
  }

  private static List<Operation> smallHistory(Random random) {
    List<Operation> operations = new SimulatedCart(random, 1 + random.nextInt(3), 2, 0.3).run("s");
    return random.nextInt(4) > 0 ? bent(operations, random) : operations;
  }

  private static List<Operation> bent(List<Operation> operations, Random random) {
    return operations.stream().map(operation -> random.nextBoolean() ? bent(operation, random) : operation).toList();
  }

  private static Operation bent(Operation operation, Random random) {
    if (operation.call() == Call.LOGIN) {
      return operation;
    }
    long invoked = Math.max(11, operation.invoked() + random.nextLong(-30, 30));
    long completed = invoked + operation.completed() - operation.invoked();
    Outcome outcome = operation.outcome();
    if (outcome instanceof Outcome.Ok ok && ok.items() != null && !ok.items().isEmpty()) {
      List<String> items = new ArrayList<>(ok.items());
      switch (random.nextInt(4)) {
        case 0 -> items.remove(random.nextInt(items.size()));
        case 1 -> items.add(items.get(random.nextInt(items.size())));
        case 2 -> Collections.shuffle(items, random);
        default -> items.add(random.nextInt(items.size() + 1), "s-" + random.nextInt(6));
      }
      outcome = new Outcome.Ok(ok.status(), items);
    }
    return new Operation(
        operation.id(),
        operation.client(),
        operation.session(),
        operation.call(),
        operation.item(),
        invoked,
        invoked,
        completed,
        outcome,
        operation.servedBy());
  }
}
