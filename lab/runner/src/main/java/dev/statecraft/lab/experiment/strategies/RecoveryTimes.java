package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.time.Duration;
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
 * @param read until the first good answer to a read of an affected user
 * @param write until the first good answer to a write of an affected user, which includes a login
 * @param lastDisturbed until the last failed or late answer to any user, as long as less than {@link #CALM} passed
 * between two of them; 0 if there was none. Never null
 */
public record RecoveryTimes(@Nullable Long routing, @Nullable Long state, @Nullable Long servesAgain,
    @Nullable Long read, @Nullable Long write, long lastDisturbed) {
  /** An answer is late after this time, counted from when the request was due. */
  public static final Duration LATE = Duration.ofMillis(500);
  /** Without a failed or late answer for so long, the effects of a fault are over. */
  public static final Duration CALM = Duration.ofSeconds(5);

  private static final Set<Call> READS = Set.of(Call.SHOW, Call.READ);
  private static final int CONFLICT = 409;
  private static final int UNAUTHORIZED = 401;

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
    List<Operation> affected = after.stream().filter(operation -> users.contains(operation.client())).toList();
    return new RecoveryTimes(first(fault, affected.stream()), firstCorrect(fault, good, after, sessions),
        fault.ended() < 0
            ? null
            : first(fault, after.stream().filter(operation -> operation.invoked() >= fault.ended())
                .filter(operation -> affectsAll || fault.target().equals(operation.servedBy()))),
        first(fault, affected.stream().filter(operation -> READS.contains(operation.call()))),
        first(fault, affected.stream().filter(operation -> !READS.contains(operation.call()))),
        lastDisturbed(fault, history));
  }

  private static long lastDisturbed(FaultEvent fault, History history) {
    long next = history.faults().stream().mapToLong(FaultEvent::began).filter(began -> began > fault.began()).min()
        .orElse(Long.MAX_VALUE);
    long last = fault.began();
    for (Operation operation : history.operations().stream()
        .filter(operation -> operation.completed() >= fault.began() && operation.scheduled() < next)
        .filter(operation -> isDisturbed(operation, history))
        .sorted(Comparator.comparingLong(Operation::scheduled)).toList()) {
      if (operation.scheduled() > last + CALM.toNanos()) {
        break;
      }
      last = Math.max(last, operation.completed());
    }
    return last - fault.began();
  }

  /** Whether a user noticed: a conflict, and the end of a session that expires, are answers like any other. */
  private static boolean isDisturbed(Operation operation, History history) {
    boolean late = operation.completed() - operation.scheduled() > LATE.toNanos();
    return late || switch (operation.outcome()) {
      case Outcome.Ok _ -> false;
      case Outcome.Unknown _ -> true;
      case Outcome.Failed(int status, String _) -> status != CONFLICT
          && (status != UNAUTHORIZED || history.sessionTimeoutMillis() == null);
    };
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
