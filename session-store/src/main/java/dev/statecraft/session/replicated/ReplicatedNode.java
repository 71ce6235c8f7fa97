package dev.statecraft.session.replicated;

import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.replicated.consensus.ConsensusNode;
import dev.statecraft.session.replicated.consensus.NodeStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of this strategy in one node, with one lifecycle. Thread-safe. */
final class ReplicatedNode implements SessionStoreStatus, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicatedNode.class);
  private static final long READINESS_INTERVAL_MILLIS = 100;
  private static final long UPKEEP_INTERVAL_MILLIS = 1_000;

  private final ConsensusNode node;
  private final Sessions sessions;
  private final CommandProposer proposer;
  private final LastAccessTracker lastAccesses;
  private final Expiry expiry;
  private final Readiness readiness;
  private final EngineMetrics metrics;
  private final ScheduledThreadPoolExecutor upkeep = new ScheduledThreadPoolExecutor(
      1,
      Thread.ofPlatform().daemon().name("session-upkeep").factory());

  /**
   * Creates a node.
   *
   * @param sessions the state machine of {@code node}
   */
  ReplicatedNode(
      ConsensusNode node, Sessions sessions, Duration deadline, InstantSource time, MeterRegistry meters,
      EngineMetrics metrics) {
    this.node = node;
    this.sessions = sessions;
    proposer = new CommandProposer(node, deadline, meters);
    lastAccesses = new LastAccessTracker(sessions, proposer, time::millis);
    expiry = new Expiry(node, sessions, proposer, lastAccesses, time::millis);
    readiness = new Readiness(node, proposer);
    this.metrics = metrics;
  }

  /** Starts to join the group in the background. */
  void start() {
    node.start();
    repeat("readiness check", readiness::check, READINESS_INTERVAL_MILLIS);
    repeat("last-access flush and expiry", () -> {
      lastAccesses.flush();
      expiry.run();
    }, UPKEEP_INTERVAL_MILLIS);
    repeat("update of metrics", () -> metrics.followerLags(node.followerLags()), UPKEEP_INTERVAL_MILLIS);
  }

  /** The executor would not repeat a task that throws. */
  private void repeat(String name, Runnable task, long intervalMillis) {
    var _ = upkeep.scheduleWithFixedDelay(() -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.warn("Periodic {} failed, next attempt in {} ms: {}", name, intervalMillis, e.toString());
      }
    }, intervalMillis, intervalMillis, TimeUnit.MILLISECONDS);
  }

  ConsensusNode node() {
    return node;
  }

  Sessions sessions() {
    return sessions;
  }

  CommandProposer proposer() {
    return proposer;
  }

  /** Sets who is told about each session that this node has removed because it expired. */
  void onExpired(Consumer<SessionRecord> listener) {
    expiry.onRemoved(listener);
  }

  LastAccessTracker lastAccesses() {
    return lastAccesses;
  }

  @Override
  public Optional<String> notReadyReason() {
    return readiness.notReadyReason();
  }

  @Override
  public Map<String, @Nullable Object> details() {
    NodeStatus status = node.status();
    Map<String, @Nullable Object> details = new LinkedHashMap<>();
    details.put("sessions", sessions.size());
    details.put("leader", status.leader().orElse(null));
    details.put("term", status.term());
    details.put("appliedIndex", node.appliedIndex());
    details.put("members", status.members());
    details.put("group", node.group().orElse(null));
    return details;
  }

  @Override
  public void close() {
    upkeep.shutdownNow();
    node.close();
  }
}
