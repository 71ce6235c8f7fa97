package dev.statecraft.lab.checker.linearizability;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Applies the definition of linearizability: tries every order of every subset of the unknown operations. Slow, and
 * simple enough to verify by reading.
 */
final class BruteForce {
  private BruteForce() {}

  static boolean isLinearizable(List<Operation> operations) {
    List<Operation> happened = operations.stream()
        .filter(operation -> operation.call() == Operation.Call.ADD || operation.call() == Operation.Call.READ)
        .filter(operation -> operation.outcome() instanceof Outcome.Ok).toList();
    List<Operation> perhaps = operations.stream().filter(operation -> operation.call() == Operation.Call.ADD)
        .filter(operation -> operation.outcome() instanceof Outcome.Unknown).toList();
    for (int choice = 0; choice < 1 << perhaps.size(); choice++) {
      List<Operation> chosen = new ArrayList<>(happened);
      for (int index = 0; index < perhaps.size(); index++) {
        if ((choice >> index & 1) == 1) {
          chosen.add(perhaps.get(index));
        }
      }
      if (someOrderIsLegal(chosen, 0)) {
        return true;
      }
    }
    return false;
  }

  private static boolean someOrderIsLegal(List<Operation> operations, int fixed) {
    if (fixed == operations.size()) {
      return readsShowWhatWasAdded(operations);
    }
    for (int next = fixed; next < operations.size(); next++) {
      if (!mayComeNext(operations.get(next), operations.subList(fixed, operations.size()))) {
        continue;
      }
      Collections.swap(operations, fixed, next);
      boolean legal = someOrderIsLegal(operations, fixed + 1);
      Collections.swap(operations, fixed, next);
      if (legal) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayComeNext(Operation operation, List<Operation> left) {
    return left.stream()
        .noneMatch(other -> other.outcome() instanceof Outcome.Ok && other.completed() < operation.invoked());
  }

  private static boolean readsShowWhatWasAdded(List<Operation> order) {
    List<String> cart = new ArrayList<>();
    for (Operation operation : order) {
      if (operation.item() != null) {
        cart.add(operation.item());
      } else if (operation.outcome() instanceof Outcome.Ok ok && !cart.equals(ok.items())) {
        return false;
      }
    }
    return true;
  }
}
