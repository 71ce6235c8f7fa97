package dev.statecraft.lab.environment;

import org.jspecify.annotations.Nullable;

/**
 * The properties of a release on Kubernetes that decide which faults it supports.
 *
 * @param nodes the workload of the strategy's nodes
 * @param replicas the number of these nodes
 * @param gateway the workload of the gateways
 * @param redis the workload of the release's own Redis; null if it has none
 * @param redisReplicas the number of Redis servers
 * @param portForwarded whether all requests reach one gateway pod through a forwarded port, which closes with the pod
 * @param discoversNodes whether the gateways discover nodes that start after them
 * @param initialMembers the number of nodes that are permanent members of a Raft group; 0 if there is no group
 */
public record ReleaseFacts(String nodes, int replicas, String gateway, @Nullable String redis, int redisReplicas,
    boolean portForwarded, boolean discoversNodes, int initialMembers) {
  /** Whether Redis has a replica that can be promoted. */
  public boolean redisHasReplicas() {
    return redisReplicas > 1;
  }
}
