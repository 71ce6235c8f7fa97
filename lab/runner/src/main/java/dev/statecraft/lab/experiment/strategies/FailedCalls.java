package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the calls of a whole run that had no good answer were, and what they had instead: the kind tells whom it hurts.
 */
public final class FailedCalls {
  private FailedCalls() {}

  /** Such as {@code GET 3 (401), POST 9 (503)}; empty where every call had a good answer. */
  public static String describe(List<Operation> operations) {
    Map<String, Map<String, Long>> failed = operations.stream()
        .filter(operation -> !(operation.outcome() instanceof Outcome.Ok))
        .collect(Collectors.groupingBy(operation -> method(operation.call()), TreeMap::new,
            Collectors.groupingBy(operation -> instead(operation.outcome()), TreeMap::new, Collectors.counting())));
    return failed.entrySet().stream().map(entry -> entry.getKey() + " " + kinds(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String kinds(Map<String, Long> kinds) {
    return kinds.values().stream().mapToLong(Long::longValue).sum() + " (" + kinds.entrySet().stream()
        .map(kind -> kinds.size() == 1 ? kind.getKey() : kind.getValue() + " x " + kind.getKey())
        .collect(Collectors.joining(", ")) + ")";
  }

  private static String method(Operation.Call call) {
    return switch (call) {
      case SHOW, READ -> "GET";
      case LOGIN, ROTATE, ADD, CHECKOUT -> "POST";
      case LOGOUT -> "DELETE";
    };
  }

  private static String instead(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Ok _ -> throw new IllegalArgumentException("a good answer");
      case Outcome.Failed(int status, String reason) -> status == 0 ? reason : String.valueOf(status);
      case Outcome.Unknown(int status, String reason) -> status == 0 ? reason : String.valueOf(status);
    };
  }
}
