package dev.statecraft.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckerAgainstBruteForceTest {

  /** So the fast rules are not only sound: on carts, they are all that linearizability asks. */
  @Test
  void aCartIsAccusedExactlyWhereNoLinearizationExists() {
    int legal = 0;
    int illegal = 0;
    for (int seed = 0; seed < 100_000; seed++) {
      List<Operation> operations = smallHistory(new Random(seed));
      boolean linearizable = BruteForce.isLinearizable(operations);
      Verdict verdict = Checker.check(SimulatedCart.history(operations));
      assertThat(verdict.isClean()).as("seed %d: %s%n%s", seed, operations, verdict.anomalies())
          .isEqualTo(linearizable);
      if (linearizable) {
        legal++;
      } else {
        illegal++;
      }
    }
    assertThat(legal).isGreaterThan(20_000);
    assertThat(illegal).isGreaterThan(20_000);
  }

  static List<Operation> smallHistory(Random random) {
    List<Operation> operations = new SimulatedCart(random, 1 + random.nextInt(3), 2, 0.3).run("s");
    if (random.nextInt(4) > 0) {
      for (int index = 0; index < operations.size(); index++) {
        if (random.nextBoolean()) {
          operations.set(index, bent(operations.get(index), random));
        }
      }
    }
    return operations;
  }

  private static Operation bent(Operation operation, Random random) {
    long shift = random.nextLong(-30, 30);
    long invoked = operation.call() == Call.LOGIN ? operation.invoked() : operation.invoked() + shift;
    long completed = operation.call() == Call.LOGIN ? operation.completed() : operation.completed() + shift;
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
