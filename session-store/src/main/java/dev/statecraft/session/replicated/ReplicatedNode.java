package dev.statecraft.session.replicated;

import dev.statecraft.session.SessionStoreStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that runs in one node for this strategy, and its end. Thread-safe. */
final class ReplicatedNode implements SessionStoreStatus, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicatedNode.class);
  private static final long LOOK_MILLIS = 100;
  private static final long UPKEEP_MILLIS = 1_000;

  private final RaftNode node;
  private final Proposals proposals;
  private final Touches touches;
  private final Expiry expiry;
  private final Readiness readiness;
  private final ScheduledThreadPoolExecutor upkeep = new ScheduledThreadPoolExecutor(
      1,
      Thread.ofPlatform().daemon().name("session-upkeep").factory());

  /**
   * Opens this node's disk.
   *
   * @throws RefusedException where it cannot be this node's disk
   */
  ReplicatedNode(GroupSettings settings, Duration deadline, InstantSource time, MeterRegistry meters) {
    node = new RaftNode(settings);
    proposals = new Proposals(node, deadline, meters);
    touches = new Touches(node.sessions(), proposals, time::millis);
    expiry = new Expiry(node, proposals, touches, time::millis);
    readiness = new Readiness(node, proposals);
  }

  /** Begins to join the group, in the background. */
  void start() {
    node.start();
    var _ = upkeep.scheduleWithFixedDelay(guarded(readiness::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    var _ = upkeep.scheduleWithFixedDelay(guarded(() -> {
      touches.tell();
      expiry.look();
    }), UPKEEP_MILLIS, UPKEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** What throws once would not be run again, and this node would never be ready, or never end a session. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.warn("A look after the sessions failed, the next one tries again: {}", e.toString());
      }
    };
  }

  RaftNode node() {
    return node;
  }

  Proposals proposals() {
    return proposals;
  }

  Touches touches() {
    return touches;
  }

  @Override
  public Optional<String> notReadyReason() {
    return readiness.whyNot();
  }

  @Override
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new LinkedHashMap<>();
    details.put("sessions", node.sessions().size());
    details.put("leader", node.leaderName().orElse(null));
    details.put("term", node.term());
    details.put("appliedIndex", node.applied().value());
    details.put("members", node.members());
    details.put("group", node.group().orElse(null));
    return details;
  }

  /** Leaves the group in order. */
  @Override
  public void close() {
    upkeep.shutdownNow();
    node.close();
  }
}
