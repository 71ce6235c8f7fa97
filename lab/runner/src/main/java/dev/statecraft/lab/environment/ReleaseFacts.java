package dev.statecraft.lab.environment;

import org.jspecify.annotations.Nullable;

/**
 * What a fault may want to know of a release on Kubernetes before it is injected.
 *
 * @param nodes the workload that makes the nodes of the strategy
 * @param replicas how many nodes that is
 * @param gateway the workload that makes the gateways
 * @param redis the workload of the release's own Redis; null where it runs none
 * @param redisReplicas how many servers that is
 * @param portForwarded whether all requests go to one gateway pod, through a forwarded port that ends with it
 * @param discoversNodes whether gateways find a node that was not there when they started
 * @param initialMembers how many nodes belong to a group for good; 0 where there is no group
 */
public record ReleaseFacts(String nodes, int replicas, String gateway, @Nullable String redis, int redisReplicas,
    boolean portForwarded, boolean discoversNodes, int initialMembers) {

  /** Whether a replica of Redis can take the place of the primary. */
  public boolean redisHasReplicas() {
    return redisReplicas > 1;
  }
}
