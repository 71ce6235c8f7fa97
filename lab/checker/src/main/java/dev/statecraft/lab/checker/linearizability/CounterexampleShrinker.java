package dev.statecraft.lab.checker.linearizability;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Shrinks a counterexample: removes operations as long as the rest still fails. Greedy, so no single operation of the
 * result can be removed, though a smaller proof may exist (delta debugging; A. Zeller, R. Hildebrandt: <em>Simplifying
 * and Isolating Failure-Inducing Input</em>, TSE 2002).
 */
final class CounterexampleShrinker {
  private CounterexampleShrinker() {}

  /** Returns a minimal part of the recorded operations that still fails. */
  static List<Operation> smallest(List<Operation> operations, Operation blocked, Predicate<List<Operation>> fails) {
    Map<Long, Operation> recorded = operations.stream().collect(Collectors.toMap(Operation::id, Function.identity()));
    List<Operation> left = upTo(operations, blocked);
    if (!fails.test(left)) {
      left = operations;
    }
    for (int size = Math.max(1, left.size() / 2); size > 0; size /= 2) {
      left = withoutChunks(left, size, fails);
    }
    return left.stream().map(operation -> recorded.getOrDefault(operation.id(), operation)).toList();
  }

  /** Removes chunks of the given size, from the end, until no chunk can be removed. */
  private static List<Operation> withoutChunks(List<Operation> all, int size, Predicate<List<Operation>> fails) {
    List<Operation> left = all;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (int end = left.size(); end > 0; end -= size) {
        List<Operation> without = left;
        for (Operation gone : left.subList(Math.max(0, end - size), end)) {
          without = without(without, gone);
        }
        if (without.size() < left.size() && fails.test(without)) {
          left = without;
          smaller = true;
        }
      }
    }
    return left;
  }

  /** Returns the operations invoked before the blocked operation returned; those then in flight have no answer yet. */
  private static List<Operation> upTo(List<Operation> operations, Operation blocked) {
    List<Operation> until = new ArrayList<>();
    for (Operation operation : operations) {
      if (operation.completed() <= blocked.completed()) {
        until.add(operation);
      } else if (operation.invoked() <= blocked.completed()
          && (operation.call() == Call.ADD || operation.call() == Call.LOGOUT)) {
        until.add(answered(operation, new Outcome.Unknown(0, "")));
      }
    }
    return until;
  }

  /**
   * Removes an operation, and for a write also its item from every read, so that a legal history stays legal. Logins,
   * logouts and items that were sent more than once stay.
   */
  private static List<Operation> without(List<Operation> operations, Operation gone) {
    String item = gone.item();
    boolean isReferenced = gone.call() == Call.LOGIN || gone.call() == Call.LOGOUT
        || (item != null && operations.stream().filter(operation -> item.equals(operation.item())).count() > 1);
    return isReferenced
        ? operations
        : operations.stream().filter(operation -> operation.id() != gone.id())
            .map(operation -> item == null ? operation : withoutItem(operation, item)).toList();
  }

  private static Operation withoutItem(Operation operation, String item) {
    return operation.outcome() instanceof Outcome.Ok ok && ok.items() != null && ok.items().contains(item)
        ? answered(operation,
            new Outcome.Ok(ok.status(), ok.items().stream().filter(shown -> !shown.equals(item)).toList(), ok.state()))
        : operation;
  }

  private static Operation answered(Operation operation, Outcome outcome) {
    return new Operation(operation.id(), operation.client(), operation.session(), operation.call(), operation.item(),
        operation.scheduled(), operation.invoked(), operation.completed(), outcome, operation.servedBy(),
        operation.generation());
  }
}
