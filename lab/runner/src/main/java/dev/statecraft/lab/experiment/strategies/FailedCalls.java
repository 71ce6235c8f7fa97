package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Summarizes the calls of a run that had no good answer, by HTTP method and result. */
public final class FailedCalls {
  private FailedCalls() {}

  /** A summary such as {@code GET 3 (401), POST 9 (503)}; empty if every call had a good answer. */
  public static String describe(List<Operation> operations) {
    Map<String, Map<String, Long>> failed = operations.stream()
        .filter(operation -> !(operation.outcome() instanceof Outcome.Ok))
        .collect(Collectors.groupingBy(operation -> method(operation.call()), TreeMap::new,
            Collectors.groupingBy(operation -> result(operation.outcome()), TreeMap::new, Collectors.counting())));
    return failed.entrySet().stream().map(entry -> entry.getKey() + " " + counts(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String counts(Map<String, Long> results) {
    return results.values().stream().mapToLong(Long::longValue).sum() + " ("
        + results.entrySet().stream()
            .map(result -> results.size() == 1 ? result.getKey() : result.getValue() + " x " + result.getKey())
            .collect(Collectors.joining(", "))
        + ")";
  }

  private static String method(Operation.Call call) {
    return switch (call) {
      case SHOW, READ -> "GET";
      case LOGIN, ROTATE, ADD, CHECKOUT -> "POST";
      case LOGOUT -> "DELETE";
    };
  }

  private static String result(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Ok _ -> throw new IllegalArgumentException("not a failure: " + outcome);
      case Outcome.Failed(int status, String reason) -> status == 0 ? reason : String.valueOf(status);
      case Outcome.Unknown(int status, String reason) -> status == 0 ? reason : String.valueOf(status);
    };
  }
}
