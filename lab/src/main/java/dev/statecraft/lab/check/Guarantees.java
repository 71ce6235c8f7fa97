package dev.statecraft.lab.check;

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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What each strategy documents that it may lose or show, and when. A pure function of a history; a strategy that it
 * does not know may show nothing.
 * <ul>
 * <li>{@code affinity}: loses the sessions that a node held whose process was ended, by a fault that struck after the
 * login and before the loss was seen; nothing else.
 * <li>{@code redis}: once a fault hit Redis itself, whatever Redis lost. Of concurrent writes to one session the last
 * wins: what two such {@code ADD}s lose, or show and take back.
 * <li>{@code cookie}: the same of concurrent calls of several clients of one session, who overwrite each other's cookie.
 * <li>{@code replicated}: with {@code reads=linearizable}, nothing. With {@code session}, a client may read the past of
 * <em>other</em> clients of its session, never its own. With {@code local}, stale and backward reads, and what looks
 * like a loss within five seconds of the write or of a fault, for a node that lags cannot be told from a loss. In every
 * mode, whatever was lost once the disks of a majority were wiped at one time.
 * </ul>
 */
public final class Guarantees {
  /** How long a node may lag behind in {@code reads=local} before what it misses counts as lost. */
  private static final long SETTLED = TimeUnit.SECONDS.toNanos(5);
  /** The faults that end a node's process, and with it what it held in memory. */
  private static final Set<String> ENDING = Set.of("kill", "term", "wipe", "rolling", "scale-in", "kill-all");
  private static final Set<AnomalyKind> LOSSES = Set
      .of(AnomalyKind.LOST_SESSION, AnomalyKind.LOST_ACKNOWLEDGED_WRITE);
  private static final Set<AnomalyKind> OLD = Set.of(AnomalyKind.STALE_READ, AnomalyKind.BACKWARD_READ);
  private static final Set<AnomalyKind> OVERWRITES = Set.of(
      AnomalyKind.LOST_ACKNOWLEDGED_WRITE,
      AnomalyKind.STALE_READ,
      AnomalyKind.BACKWARD_READ,
      AnomalyKind.ORDER_DISAGREEMENT);

  private final History history;
  private final Map<String, List<Operation>> bySession = new HashMap<>();

  private Guarantees(History history) {
    this.history = history;
    history.operations().forEach(
        operation -> bySession.computeIfAbsent(operation.session(), name -> new ArrayList<>()).add(operation));
  }

  /** Checks a history, and holds what is found against what its strategy documents. */
  public static Judgement judge(History history) {
    Guarantees guarantees = new Guarantees(history);
    Verdict verdict = Checker.check(history);
    List<Anomaly> documented = new ArrayList<>();
    List<Anomaly> broken = new ArrayList<>();
    for (Anomaly anomaly : verdict.anomalies()) {
      (guarantees.allows(anomaly) ? documented : broken).add(anomaly);
    }
    return new Judgement(verdict, guarantees.mayShow(), documented, broken);
  }

  /** The kinds that the strategy may show in a history with these clients, as long as no fault hits its own servers. */
  private Set<AnomalyKind> mayShow() {
    boolean shared = bySession.values().stream()
        .anyMatch(operations -> operations.stream().mapToInt(Operation::client).distinct().count() > 1);
    return switch (history.strategy()) {
      case "affinity" -> Set.of(AnomalyKind.LOST_SESSION);
      case "redis", "cookie" -> shared ? OVERWRITES : Set.of();
      case "replicated" ->
        "local".equals(history.reads()) || (shared && "session".equals(history.reads())) ? OLD : Set.of();
      default -> Set.of();
    };
  }

  private boolean allows(Anomaly anomaly) {
    return switch (history.strategy()) {
      case "affinity" -> anomaly.kind() == AnomalyKind.LOST_SESSION && ownerEnded(anomaly);
      case "redis" -> redisWasHit(anomaly) || (OVERWRITES.contains(anomaly.kind()) && overlappingWrites(anomaly));
      case "cookie" -> OVERWRITES.contains(anomaly.kind()) && overlappingClients(anomaly);
      case "replicated" -> (LOSSES.contains(anomaly.kind()) && majorityWiped(shownAt(anomaly))) || readsAllow(anomaly);
      default -> false;
    };
  }

  private boolean ownerEnded(Anomaly loss) {
    Operation login = loss.operations().getFirst();
    String owner = login.servedBy();
    return login.call() == Call.LOGIN && history.faults().stream()
        .filter(fault -> ENDING.contains(fault.kind()) && fault.target().equals(owner))
        .anyMatch(
            fault -> fault.began() <= shownAt(loss) && (fault.ended() == -1 || login.invoked() < fault.ended()));
  }

  private boolean redisWasHit(Anomaly anomaly) {
    return history.faults().stream()
        .anyMatch(fault -> fault.kind().startsWith("redis") && fault.began() <= shownAt(anomaly));
  }

  /** Whether another write of the session was under way while the item was written. */
  private boolean overlappingWrites(Anomaly anomaly) {
    List<Operation> adds = operations(anomaly).stream()
        .filter(operation -> operation.call() == Call.ADD && !(operation.outcome() instanceof Outcome.Failed)).toList();
    Map<String, Long> firstShown = firstShown(anomaly);
    return adds.stream().filter(add -> Objects.equals(add.item(), anomaly.item())).anyMatch(
        write -> adds.stream().anyMatch(
            other -> !Objects.equals(other.item(), write.item()) && other.invoked() <= end(write, firstShown)
                && write.invoked() <= end(other, firstShown)));
  }

  /** When a write was certainly over. One of unknown outcome that no read shows was over before it began. */
  private static long end(Operation write, Map<String, Long> firstShown) {
    return write.outcome() instanceof Outcome.Ok
        ? write.completed()
        : firstShown.getOrDefault(Objects.requireNonNull(write.item()), Item.NEVER_YET);
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

  /** Whether another client of the session had a call under way while the item was written. */
  private boolean overlappingClients(Anomaly anomaly) {
    List<Operation> operations = operations(anomaly);
    return operations.stream().filter(operation -> Objects.equals(operation.item(), anomaly.item())).anyMatch(
        write -> operations.stream().anyMatch(
            other -> other.client() != write.client() && other.invoked() <= write.completed()
                && write.invoked() <= other.completed()));
  }

  private boolean readsAllow(Anomaly anomaly) {
    boolean old = OLD.contains(anomaly.kind());
    if ("local".equals(history.reads())) {
      return old || (LOSSES.contains(anomaly.kind()) && !settled(anomaly));
    }
    return "session".equals(history.reads()) && old && !forgetsItsOwnClient(missOf(anomaly));
  }

  /** Whether a read misses what its own client had written, or had been shown, before. */
  private boolean forgetsItsOwnClient(Operation read) {
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

  private boolean settled(Anomaly loss) {
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
    return miss.invoked() - changed >= SETTLED;
  }

  private boolean majorityWiped(long shownAt) {
    List<FaultEvent> wipes = history.faults().stream()
        .filter(fault -> fault.kind().equals("wipe") && fault.began() <= shownAt).toList();
    int majority = history.nodes().size() / 2 + 1;
    return wipes.stream().anyMatch(one -> {
      Set<String> together = new HashSet<>();
      wipes.stream()
          .filter(other -> other.began() <= one.began() && (other.ended() == -1 || other.ended() >= one.began()))
          .forEach(other -> together.add(other.target()));
      return together.size() >= majority;
    });
  }

  private List<Operation> operations(Anomaly anomaly) {
    return bySession.getOrDefault(anomaly.session(), List.of());
  }

  /** The read that a stale or a backward read is about: the one of its proof that misses the item. */
  private static Operation missOf(Anomaly anomaly) {
    return anomaly.operations().stream().filter(
        operation -> operation.outcome() instanceof Outcome.Ok ok && ok.items() != null
            && !ok.items().contains(anomaly.item()))
        .findFirst().orElseThrow();
  }

  private static long shownAt(Anomaly anomaly) {
    return lastOf(anomaly).completed();
  }

  private static Operation lastOf(Anomaly anomaly) {
    return anomaly.operations().stream().max(Comparator.comparingLong(Operation::completed)).orElseThrow();
  }
}
