package dev.statecraft.session.replicated.consensus;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One node of a group that agrees on one log of commands. The node applies the log to its {@link StateMachine}.
 * Implementations are thread-safe.
 */
public interface ConsensusNode extends AutoCloseable {
  String name();

  /** Starts to join the group in the background and returns at once. The node retries until it is closed. */
  void start();

  /**
   * Waits until it is known whether this node may take part in the group.
   *
   * @return false if that is not known after the timeout
   * @throws MemberRejectedException if the node may not take part
   */
  boolean awaitAdmission(Duration timeout) throws InterruptedException;

  /**
   * Sends a command to the leader. The future completes with the answer of the leader's state machine. It fails at once
   * if the leader is lost; then the command may or may not be applied later. A caller that stops waiting cancels it.
   */
  CompletableFuture<byte[]> propose(byte[] command);

  LeaderState leader();

  /** Whether this node is the leader, as far as it knows. */
  boolean leads();

  /** Index of the last log entry that this node has applied; 0 before the first. */
  long appliedIndex();

  /**
   * Waits until this node has applied the entry at this index. Blocks the calling thread, which should be virtual.
   *
   * @return whether the node has applied it
   */
  boolean awaitApplied(long index, Duration timeout);

  /**
   * Id of the group that this node belongs to; empty before it belongs to one. A group that is founded again has
   * another id, and the log indexes of two groups cannot be compared.
   */
  Optional<String> group();

  /** Why this node cannot take part in the group now; empty if it can. */
  Optional<String> unavailableReason();

  /** Why this node cannot take part until its process is restarted; empty if it can. */
  Optional<String> excludedReason();

  NodeStatus status();

  /**
   * Returns by how many entries the log of each other member lags behind this leader's, by the member's name; empty if
   * this node does not lead.
   */
  Map<String, Long> followerLags();

  Membership membership();

  /** Asks the group to remove this node, and waits until the removal is committed or the timeout expires. */
  LeaveResult leave(Duration timeout) throws InterruptedException;

  /** Disconnects from the group. First leaves it if {@link GroupSettings#leaveOnClose} is set; that takes up to 5 s. */
  @Override
  void close();
}
