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
 * How long a fault was felt, read from a history; all in nanoseconds from the fault on, null where it never ended.
 *
 * <p>The users of the node that was hit are those whose last good answer before the fault came from it: where sessions
 * are pinned, their next requests go to that node too. What is no stateful node, the gateway or Redis, has all users.
 *
 * @param routing until the first good answer to a request that such a user sent after the fault, in whatever session:
 * from then on they are served, be it with nothing
 * @param state until the first correct answer in the session that such a user had before the fault: a cart that shows
 * every item that was acknowledged before the reading began
 * @param servesAgain until the first good answer that the node itself gave after it was started again
 */
public record RecoveryTimes(@Nullable Long routing, @Nullable Long state, @Nullable Long servesAgain) {

  /** The recovery from one fault of a history. */
  public static RecoveryTimes from(FaultEvent fault, History history) {
    List<Operation> good = history.operations().stream().filter(operation -> operation.outcome() instanceof Outcome.Ok)
        .sorted(Comparator.comparingLong(Operation::completed)).toList();
    Map<Integer, Operation> lastBefore = new HashMap<>();
    good.stream().takeWhile(operation -> operation.completed() <= fault.began())
        .forEach(operation -> lastBefore.put(operation.client(), operation));
    Set<Integer> users = new HashSet<>();
    Set<String> sessions = new HashSet<>();
    boolean hitsAll = !history.nodes().contains(fault.target());
    lastBefore.values().stream().filter(operation -> hitsAll || fault.target().equals(operation.servedBy()))
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
                .filter(operation -> hitsAll || fault.target().equals(operation.servedBy()))));
  }

  private static @Nullable Long firstCorrect(
      FaultEvent fault, List<Operation> good, List<Operation> after, Set<String> sessions) {
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
