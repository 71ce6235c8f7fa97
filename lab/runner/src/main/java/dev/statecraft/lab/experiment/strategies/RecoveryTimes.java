package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long the effects of a fault lasted, computed from a history. Times are in nanoseconds since the fault began; null
 * if the effect lasted to the end of the run.
 *
 * <p>The affected users are those whose last good answer before the fault came from the target. If the target is the
 * gateway or Redis, all users are affected.
 *
 * @param routing until the first good answer to an affected user, in any session
 * @param state until an affected user reads, in a session from before the fault, a cart with every item that was
 * acknowledged before that read
 * @param servesAgain until the first good answer of the target itself after the fault ended
 */
public record RecoveryTimes(@Nullable Long routing, @Nullable Long state, @Nullable Long servesAgain) {
  /** Computes the recovery from one fault of a history. */
  public static RecoveryTimes from(FaultEvent fault, History history) {
    List<Operation> good = history.operations().stream().filter(operation -> operation.outcome() instanceof Outcome.Ok)
        .sorted(Comparator.comparingLong(Operation::completed)).toList();
    Map<Integer, Operation> lastBefore = new HashMap<>();
    good.stream().takeWhile(operation -> operation.completed() <= fault.began())
        .forEach(operation -> lastBefore.put(operation.client(), operation));
    Set<Integer> users = new HashSet<>();
    Set<String> sessions = new HashSet<>();
    boolean affectsAll = !history.nodes().contains(fault.target());
    lastBefore.values().stream().filter(operation -> affectsAll || fault.target().equals(operation.servedBy()))
        .forEach(operation -> {
          users.add(operation.client());
          if (operation.call() != Call.LOGOUT) {
            sessions.add(operation.session());
          }
        });
    List<Operation> after = good.stream().filter(operation -> operation.invoked() >= fault.began()).toList();
    return new RecoveryTimes(first(fault, after.stream().filter(operation -> users.contains(operation.client()))),
        firstCorrect(fault, good, after, sessions),
        fault.ended() < 0
            ? null
            : first(fault, after.stream().filter(operation -> operation.invoked() >= fault.ended())
                .filter(operation -> affectsAll || fault.target().equals(operation.servedBy()))));
  }

  private static @Nullable Long firstCorrect(FaultEvent fault, List<Operation> good, List<Operation> after,
      Set<String> sessions) {
    Map<String, List<Operation>> added = new HashMap<>();
    good.stream().filter(operation -> operation.call() == Call.ADD && sessions.contains(operation.session()))
        .forEach(operation -> added.computeIfAbsent(operation.session(), _ -> new ArrayList<>()).add(operation));
    return first(fault,
        after.stream().filter(operation -> operation.call() == Call.READ && sessions.contains(operation.session()))
            .filter(operation -> showsAll(operation, added.getOrDefault(operation.session(), List.of()))));
  }

  private static boolean showsAll(Operation read, List<Operation> added) {
    if (!(read.outcome() instanceof Outcome.Ok(_, List<String> items, _))) {
      return false;
    }
    Set<String> shown = new HashSet<>(items);
    return added.stream().filter(add -> add.completed() <= read.invoked()).allMatch(add -> shown.contains(add.item()));
  }

  private static @Nullable Long first(FaultEvent fault, Stream<Operation> operations) {
    return operations.findFirst().map(operation -> operation.completed() - fault.began()).orElse(null);
  }
}
