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
import org.jspecify.annotations.Nullable;

/**
 * Judges how the checkout of each cart went: {@code open → reserved → paid → shipped}, or {@code cancelled} from
 * anywhere before it is shipped. A pure function; it knows of no strategy.
 *
 * <p>A forbidden transition is an answer, to a read or to a step, that began after another was complete and shows a
 * state that the machine never reaches from the one which that other showed; or a state that the machine does not have.
 * What lies between two answers need not be seen: from {@code open} to {@code shipped} is no transition, but a way.
 * Counted once for each session, by the first answer that proves it.
 *
 * <p>A repeated step is one that was acknowledged a second time, whenever that was: the machine has no way back, so
 * each step is taken at most once, and two clients that are both told that they have paid are both told so wrongly by
 * one. Counted for each acknowledgement after the first.
 */
public final class CheckoutChecker {
  private static final Map<String, Set<String>> REACHED = Map.of("open",
      Set.of("open", "reserved", "paid", "shipped", "cancelled"), "reserved",
      Set.of("reserved", "paid", "shipped", "cancelled"), "paid", Set.of("paid", "shipped", "cancelled"), "shipped",
      Set.of("shipped"), "cancelled", Set.of("cancelled"));

  private CheckoutChecker() {}

  /** What a history proves to have gone wrong, by session in the order of the history. */
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
                "The checkout of session %s took the step %s twice: by %s, and by %s.".formatted(answer.session(),
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
    // Whatever follows from a later answer with a state follows from the first with that state.
    Map<String, Operation> first = new HashMap<>();
    for (Operation answer : answers) {
      first.merge(String.valueOf(state(answer)), answer,
          (one, other) -> one.completed() <= other.completed() ? one : other);
    }
    return answers.stream().map(answer -> forbidden(answer, first)).flatMap(Optional::stream)
        .min(Comparator.comparingLong(CheckoutChecker::shownAt));
  }

  private static Optional<Anomaly> forbidden(Operation answer, Map<String, Operation> first) {
    String state = String.valueOf(state(answer));
    if (!REACHED.containsKey(state)) {
      return Optional.of(anomaly("Session %s had a cart that was %s, which no cart can be: %s."
          .formatted(answer.session(), state, Explanations.of(answer)), answer));
    }
    return first.entrySet().stream().filter(earlier -> earlier.getValue().completed() < answer.invoked())
        .filter(earlier -> !REACHED.getOrDefault(earlier.getKey(), Set.of()).contains(state))
        .min(Comparator.comparingLong(earlier -> earlier.getValue().completed())).map(
            earlier -> anomaly(
                "Session %s had a cart that was %s by %s, and later %s by %s.".formatted(answer.session(),
                    earlier.getKey(), Explanations.of(earlier.getValue()), state, Explanations.of(answer)),
                earlier.getValue(), answer));
  }

  private static Anomaly anomaly(String explanation, Operation... proof) {
    return new Anomaly(
        AnomalyKind.FORBIDDEN_TRANSITION, proof[0].session(), null, 0, explanation, Explanations.proof(proof));
  }

  private static long shownAt(Anomaly anomaly) {
    return anomaly.operations().getLast().completed();
  }
}
