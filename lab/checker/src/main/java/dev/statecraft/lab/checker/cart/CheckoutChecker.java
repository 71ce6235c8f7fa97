package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Checks the checkout of each cart against its state machine: {@code open → reserved → paid → shipped}, and
 * {@code cancelled} from every state before {@code shipped}. A pure function that knows no strategy.
 *
 * <p>A forbidden transition is an answer that shows an unknown state, or a state that the machine cannot reach from the
 * state of an answer that completed before this operation was invoked. Intermediate states may be unseen, so
 * {@code open} followed by {@code shipped} is allowed. Counted once for each session, at the first answer that proves
 * it.
 *
 * <p>A repeated step is a step that was acknowledged more than once. The machine never goes back, so each step may
 * succeed once; if two clients are told that they paid, one answer is wrong. Counted for each acknowledgement after the
 * first.
 */
public final class CheckoutChecker {
  private static final Map<String, Set<String>> REACHABLE = Map.of("open",
      Set.of("open", "reserved", "paid", "shipped", "cancelled"), "reserved",
      Set.of("reserved", "paid", "shipped", "cancelled"), "paid", Set.of("paid", "shipped", "cancelled"), "shipped",
      Set.of("shipped"), "cancelled", Set.of("cancelled"));

  private CheckoutChecker() {}

  /** Returns the anomalies, by session in the order of the history. */
  public static List<Anomaly> check(History history) {
    Map<String, List<Operation>> shown = new LinkedHashMap<>();
    for (Operation operation : history.operations()) {
      if (state(operation) != null) {
        shown.computeIfAbsent(operation.session(), _ -> new ArrayList<>()).add(operation);
      }
    }
    List<Anomaly> found = new ArrayList<>();
    for (List<Operation> answers : shown.values()) {
      firstForbidden(answers).ifPresent(found::add);
      found.addAll(repeated(answers));
    }
    return List.copyOf(found);
  }

  private static List<Anomaly> repeated(List<Operation> answers) {
    Map<String, Operation> taken = new HashMap<>();
    List<Anomaly> found = new ArrayList<>();
    answers.stream().filter(answer -> answer.call() == Call.CHECKOUT)
        .sorted(Comparator.comparingLong(Operation::completed)).forEach(answer -> {
          Operation earlier = taken.putIfAbsent(String.valueOf(answer.item()), answer);
          if (earlier != null) {
            found.add(new Anomaly(AnomalyKind.REPEATED_STEP, answer.session(), answer.item(), 0,
                "The checkout of session %s took step %s twice: by %s and by %s.".formatted(answer.session(),
                    answer.item(), Explanations.of(earlier), Explanations.of(answer)),
                Explanations.proof(earlier, answer)));
          }
        });
    return found;
  }

  private static @Nullable String state(Operation operation) {
    return operation.outcome() instanceof Outcome.Ok ok ? ok.state() : null;
  }

  private static Optional<Anomaly> firstForbidden(List<Operation> answers) {
    // The first answer with a state proves everything that a later answer with this state proves.
    Map<String, Operation> first = new HashMap<>();
    for (Operation answer : answers) {
      first.merge(String.valueOf(state(answer)), answer,
          BinaryOperator.minBy(Comparator.comparingLong(Operation::completed)));
    }
    return answers.stream().map(answer -> forbidden(answer, first)).flatMap(Optional::stream)
        .min(Comparator.comparingLong(anomaly -> anomaly.operations().getLast().completed()));
  }

  private static Optional<Anomaly> forbidden(Operation answer, Map<String, Operation> first) {
    String state = String.valueOf(state(answer));
    if (!REACHABLE.containsKey(state)) {
      return Optional.of(anomaly("Session %s had a cart in the unknown checkout state %s: %s."
          .formatted(answer.session(), state, Explanations.of(answer)), answer));
    }
    return first.entrySet().stream().filter(earlier -> earlier.getValue().completed() < answer.invoked())
        .filter(earlier -> !REACHABLE.getOrDefault(earlier.getKey(), Set.of()).contains(state))
        .min(Comparator.comparingLong(earlier -> earlier.getValue().completed())).map(
            earlier -> anomaly(
                "The checkout of session %s was %s in %s, and later %s in %s.".formatted(answer.session(),
                    earlier.getKey(), Explanations.of(earlier.getValue()), state, Explanations.of(answer)),
                earlier.getValue(), answer));
  }

  private static Anomaly anomaly(String explanation, Operation... proof) {
    return new Anomaly(AnomalyKind.FORBIDDEN_TRANSITION, proof[0].session(), null, 0, explanation,
        Explanations.proof(proof));
  }
}
