package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The faults and the other calls of the session around an anomaly: the conditions from which {@link GuaranteeRules} are
 * built. Immutable and thread-safe.
 */
public final class AnomalyContext {
  /** The session time-out if the history does not name one: the shortest default. */
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);
  /** How long a node may lag with {@code reads=local} before a missing write counts as lost. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(5);
  /** How long a node must be silent before others may consider it failed. */
  private static final long FAILURE_DETECTION_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final History history;
  private final Function<String, FaultEffects> effects;
  private final Map<String, List<Operation>> bySession;

  /** Makes the context of a history; {@code effects} returns the effects of a fault by the name in the history. */
  public AnomalyContext(History history, Function<String, FaultEffects> effects) {
    this.history = history;
    this.effects = effects;
    this.bySession = history.operations().stream().collect(Collectors.groupingBy(Operation::session));
  }

  public History history() {
    return history;
  }

  private FaultEffects effects(FaultEvent fault) {
    return effects.apply(fault.kind());
  }

  /** Tells whether any session of this history has several clients. */
  public boolean sessionsAreShared() {
    return bySession.values().stream()
        .anyMatch(operations -> operations.stream().mapToInt(Operation::client).distinct().count() > 1);
  }

  /** Tells whether a node that held a lost session ended, or was unreachable, while it held the session. */
  public boolean ownerFailed(Anomaly loss) {
    Operation login = loss.operations().getFirst();
    return login.call() == Call.LOGIN && history.faults().stream()
        .filter(fault -> effects(fault).hasAny(Effect.ENDS_PROCESS) || exceedsTimeout(fault)
            || (effects(fault).hasAny(Effect.UNREACHABLE) && end(fault) - fault.began() >= FAILURE_DETECTION_NANOS))
        .filter(fault -> fault.began() <= shownAt(loss) && login.invoked() < end(fault))
        .anyMatch(fault -> holders(login.session(), fault).contains(fault.target()));
  }

  /**
   * Returns the nodes that may have held a session when a fault was injected. Sessions move, so these are the last node
   * that served it successfully, and each node that served it since then or during the fault.
   */
  private Set<String> holders(String session, FaultEvent fault) {
    Set<String> holders = new HashSet<>();
    bySession.getOrDefault(session, List.of()).stream()
        .filter(operation -> operation.invoked() < end(fault))
        .sorted(Comparator.comparingLong(Operation::completed)).forEach(operation -> {
          String node = operation.servedBy();
          if (operation.outcome() instanceof Outcome.Ok && operation.completed() <= fault.began()) {
            holders.clear();
          }
          boolean refused = operation.outcome() instanceof Outcome.Failed failed && failed.status() < 500;
          if (node != null && !refused) {
            holders.add(node);
          }
        });
    return holders;
  }

  /** Tells whether a node whose clock error reached the session time-out may have served a lost session. */
  public boolean servedUnderWrongClock(Anomaly loss) {
    return history.faults().stream().filter(fault -> exceedsTimeout(fault) && fault.began() <= shownAt(loss))
        .anyMatch(fault -> operations(loss).stream()
            .anyMatch(operation -> (operation.servedBy() == null || fault.target().equals(operation.servedBy()))
                && operation.completed() >= fault.began() && operation.invoked() <= end(fault)));
  }

  /** Tells whether a lost session was open while any node's clock error reached the session time-out. */
  public boolean openUnderWrongClock(Anomaly loss) {
    long opened = loss.operations().getFirst().invoked();
    return history.faults().stream()
        .anyMatch(fault -> exceedsTimeout(fault) && fault.began() <= shownAt(loss) && opened < end(fault));
  }

  /** Tells whether a session outlived its time-out after any clock error. */
  public boolean outlivedByWrongClock(Anomaly anomaly) {
    return anomaly.kind() == AnomalyKind.ALIVE_AFTER_EXPIRY && history.faults().stream()
        .anyMatch(fault -> effects(fault).clockError().isPositive() && fault.began() <= shownAt(anomaly));
  }

  private boolean exceedsTimeout(FaultEvent fault) {
    Long timeout = history.sessionTimeoutMillis();
    Duration idle = timeout == null ? DEFAULT_TIMEOUT : Duration.ofMillis(timeout);
    Duration error = effects(fault).clockError();
    return error.isPositive() && error.compareTo(idle) >= 0;
  }

  private static long end(FaultEvent fault) {
    return fault.ended() == -1 ? Long.MAX_VALUE : fault.ended();
  }

  /**
   * Tells whether a fault of the shared store preceded the anomaly.
   *
   * @param confirmed whether replicas held each acknowledged write, so that it survives a failover, but not a primary
   * that restarts empty
   */
  private boolean storeFailed(Anomaly anomaly, boolean confirmed) {
    return history.faults().stream().filter(fault -> fault.began() <= shownAt(anomaly)).map(this::effects)
        .anyMatch(fault -> fault.hasAny(Effect.EMPTIES_STORE) || (!confirmed && fault.hasAny(Effect.FAILS_OVER_STORE)));
  }

  /**
   * Tells whether a fault of the shared Redis explains the anomaly, or a node's clock error that reached the session
   * time-out, or any clock error if the session outlived its time-out.
   *
   * @param confirmed whether replicas held each acknowledged write
   */
  public boolean lostWithRedis(Anomaly anomaly, boolean confirmed) {
    return (AnomalyGroups.OF_A_STORE.contains(anomaly.kind()) && storeFailed(anomaly, confirmed))
        || (anomaly.kind() == AnomalyKind.LOST_SESSION && servedUnderWrongClock(anomaly))
        || outlivedByWrongClock(anomaly);
  }

  /** Tells whether another write of the session, a checkout step or a rotation was concurrent with the item's write. */
  public boolean overlappingWrites(Anomaly anomaly) {
    List<Operation> writes = accepted(anomaly, EnumSet.of(Call.ADD, Call.ROTATE, Call.CHECKOUT));
    Map<String, Long> firstShown = firstShown(anomaly);
    return writes.stream().filter(add -> add.call() == Call.ADD && Objects.equals(add.item(), anomaly.item()))
        .anyMatch(write -> writes.stream()
            .anyMatch(other -> !Objects.equals(other.item(), write.item()) && !areSequential(write, other)
                && other.invoked() <= end(write, firstShown) && write.invoked() <= end(other, firstShown)));
  }

  /** A client waits for its answer, so two of its answered calls never overlap, even if their times touch. */
  private static boolean areSequential(Operation one, Operation other) {
    return one.client() == other.client() && one.outcome() instanceof Outcome.Ok
        && other.outcome() instanceof Outcome.Ok;
  }

  /** Tells whether a checkout step was concurrent with another write of the session. */
  public boolean overlappingSteps(Anomaly anomaly) {
    List<Operation> writes = accepted(anomaly, EnumSet.of(Call.ADD, Call.CHECKOUT));
    return writes.stream().filter(write -> write.call() == Call.CHECKOUT)
        .anyMatch(step -> writes.stream().anyMatch(other -> other.id() != step.id() && !areSequential(step, other)
            && other.invoked() <= lasting(step) && step.invoked() <= lasting(other)));
  }

  private static long lasting(Operation write) {
    return write.outcome() instanceof Outcome.Ok ? write.completed() : Long.MAX_VALUE;
  }

  /**
   * Returns when a write was certainly over. A write of unknown outcome that no read shows counts as over before it
   * began.
   */
  private static long end(Operation write, Map<String, Long> firstShown) {
    return write.outcome() instanceof Outcome.Ok || write.item() == null
        ? lasting(write)
        : firstShown.getOrDefault(write.item(), Long.MIN_VALUE);
  }

  private Map<String, Long> firstShown(Anomaly anomaly) {
    Map<String, Long> firstShown = new HashMap<>();
    for (Operation operation : operations(anomaly)) {
      if (operation.outcome() instanceof Outcome.Ok ok && ok.items() != null) {
        ok.items().forEach(item -> firstShown.merge(item, operation.completed(), Math::min));
      }
    }
    return firstShown;
  }

  /** Tells whether another client of the session had a call in flight while the item was written. */
  public boolean overlappingClients(Anomaly anomaly) {
    List<Operation> operations = operations(anomaly);
    return operations.stream().filter(operation -> Objects.equals(operation.item(), anomaly.item()))
        .anyMatch(write -> operations.stream().anyMatch(other -> other.client() != write.client()
            && other.invoked() <= write.completed() && write.invoked() <= other.completed()));
  }

  /** Tells whether a read misses an item that its own client had written or read before. */
  public boolean missesOwnClientsItems(Anomaly anomaly) {
    Operation read = anomaly.operations().stream().filter(operation -> misses(operation, anomaly.item())).findFirst()
        .orElseThrow();
    List<String> shown = read.outcome() instanceof Outcome.Ok ok && ok.items() != null ? ok.items() : List.of();
    Set<String> due = new HashSet<>();
    for (Operation earlier : bySession.getOrDefault(read.session(), List.of())) {
      if (earlier.client() == read.client() && earlier.completed() < read.invoked()
          && earlier.outcome() instanceof Outcome.Ok ok) {
        if (earlier.call() == Call.ADD && earlier.item() != null) {
          due.add(earlier.item());
        } else if (ok.items() != null) {
          due.addAll(ok.items());
        }
      }
    }
    return !new HashSet<>(shown).containsAll(due);
  }

  /** Tells whether a loss was seen so long after the write and after every fault that no lag explains it. */
  public boolean settled(Anomaly loss) {
    Operation miss = lastOf(loss);
    Operation source = loss.operations().getFirst();
    if (loss.kind() == AnomalyKind.LOST_SESSION && miss.outcome() instanceof Outcome.Ok) {
      source = loss.operations().get(loss.operations().size() - 2);
    }
    long changed = source.completed();
    for (FaultEvent fault : history.faults()) {
      if (fault.began() <= miss.completed()) {
        changed = Math.max(changed, Math.min(Math.max(fault.began(), fault.ended()), miss.invoked()));
      }
    }
    return miss.invoked() - changed >= SETTLED_NANOS;
  }

  /** Tells whether a call of the session was in flight during its logout or rotation. */
  public boolean overlappedEnd(Anomaly anomaly) {
    Operation end = anomaly.operations().getFirst();
    return operations(anomaly).stream().anyMatch(other -> other.id() != end.id() && other.invoked() <= end.completed()
        && (other.outcome() instanceof Outcome.Unknown || other.completed() >= end.invoked()));
  }

  /** Tells whether the first and the last operation of a proof are of the same client. */
  public static boolean concernsOneClient(Anomaly anomaly) {
    return anomaly.operations().getFirst().client() == anomaly.operations().getLast().client();
  }

  /** Tells whether a call of the session was in flight during one of its rotations. */
  public boolean overlappedRotation(Anomaly anomaly) {
    List<Operation> operations = operations(anomaly);
    return accepted(anomaly, EnumSet.of(Call.ROTATE)).stream()
        .anyMatch(rotation -> operations.stream().anyMatch(other -> other.id() != rotation.id()
            && !areSequential(rotation, other) && other.invoked() <= lasting(rotation)
            && rotation.invoked() <= lasting(other)));
  }

  /** Tells whether a node was cut off from others, or silent, before the anomaly, so that they formed two clusters. */
  public boolean split(Anomaly anomaly) {
    return history.faults().stream().anyMatch(fault -> fault.began() <= shownAt(anomaly)
        && effects(fault).hasAny(Effect.UNREACHABLE, Effect.SPLITS_NODES)
        && end(fault) - fault.began() >= FAILURE_DETECTION_NANOS);
  }

  /** Tells whether more nodes than {@code survivable}, or all, had ended at the same time before the anomaly. */
  public boolean endedTogether(Anomaly anomaly, int survivable) {
    return together(anomaly, Effect.ENDS_PROCESS) > Math.min(survivable, history.nodes().size() - 1);
  }

  /** Tells whether the disks of a majority were wiped at the same time before the anomaly. */
  public boolean majorityWiped(Anomaly anomaly) {
    return together(anomaly, Effect.WIPES_DISK) > history.nodes().size() / 2;
  }

  /** Returns the largest number of targets that faults with an effect hit at the same time before the anomaly. */
  private int together(Anomaly anomaly, Effect effect) {
    long shownAt = shownAt(anomaly);
    List<FaultEvent> faults = history.faults().stream()
        .filter(fault -> effects(fault).hasAny(effect) && fault.began() <= shownAt).toList();
    return faults.stream().mapToInt(one -> (int) faults.stream()
        .filter(other -> other.began() <= one.began() && end(other) >= one.began()).map(FaultEvent::target).distinct()
        .count()).max().orElse(0);
  }

  private List<Operation> operations(Anomaly anomaly) {
    return bySession.getOrDefault(anomaly.session(), List.of());
  }

  private List<Operation> accepted(Anomaly anomaly, Set<Call> calls) {
    return operations(anomaly).stream()
        .filter(call -> calls.contains(call.call()) && !(call.outcome() instanceof Outcome.Failed)).toList();
  }

  /** Tells whether a read in the proof misses an item. */
  public static boolean anyReadMisses(Anomaly anomaly, String item) {
    return anomaly.operations().stream().anyMatch(operation -> misses(operation, item));
  }

  private static boolean misses(Operation read, @Nullable String item) {
    return read.outcome() instanceof Outcome.Ok ok && ok.items() != null && !ok.items().contains(item);
  }

  private static long shownAt(Anomaly anomaly) {
    return lastOf(anomaly).completed();
  }

  private static Operation lastOf(Anomaly anomaly) {
    return anomaly.operations().stream().max(Comparator.comparingLong(Operation::completed)).orElseThrow();
  }
}
