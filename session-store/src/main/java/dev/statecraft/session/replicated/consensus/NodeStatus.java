package dev.statecraft.session.replicated.consensus;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a node reports for metrics and the actuator endpoint.
 *
 * @param leader name of the leader
 * @param members names of the voting members by the last configuration in the log; the configured ones before the group
 * is founded
 * @param reachable number of those members that this node is connected to, itself included
 * @param commitIndex index up to which this node knows the log to be committed
 * @param sentMessages messages sent to other nodes since this node connected, heartbeats included
 * @param sentBytes bytes of payload in those messages, headers excluded
 */
public record NodeStatus(
    Optional<String> leader, long term, SortedSet<String> members, long reachable, long commitIndex,
    long sentMessages, long sentBytes) {
  public NodeStatus {
    members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
  }
}
