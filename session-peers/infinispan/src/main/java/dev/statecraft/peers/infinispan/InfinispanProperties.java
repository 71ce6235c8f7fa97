package dev.statecraft.peers.infinispan;

import dev.statecraft.session.InvalidSettingException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of strategy {@code infinispan}.
 *
 * @param members the nodes by which a starting node finds the cluster, as {@code name=host:port};
 * {@code statecraft.node} names this node's entry. They talk to each other over TCP, unencrypted, also on
 * {@code port + 50000} modulo 65536
 * @param address {@code host:port} at which this node listens if the list does not name it
 * @param clusterName only nodes with the same name form a cluster
 * @param deadline how long an operation waits for other nodes, 1 s to 5 min
 * @param failureTimeout how long a node may be silent before the others exclude it, 2 s to 5 min. Guarantee: a paused
 * or unreachable node stops writes at most for this time and a second. Anomaly: a node that is paused for longer, for
 * example by its garbage collector, is excluded although it lives, and the cluster splits until it answers again
 */
@ConfigurationProperties("statecraft.session.infinispan")
record InfinispanProperties(
    @DefaultValue List<String> members, @Nullable String address,
    @DefaultValue("statecraft-sessions") String clusterName, @DefaultValue("10s") Duration deadline,
    @DefaultValue("5s") Duration failureTimeout) {
  static final String PREFIX = "statecraft.session.infinispan.";
  private static final Duration MIN_DEADLINE = Duration.ofSeconds(1);
  private static final Duration MIN_FAILURE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

  InfinispanProperties {
    members = List.copyOf(members);
    InvalidSettingException.requireRange(PREFIX + "deadline", deadline, MIN_DEADLINE, MAX_TIMEOUT, "1s to 5m");
    InvalidSettingException.requireRange(
        PREFIX + "failure-timeout", failureTimeout, MIN_FAILURE_TIMEOUT, MAX_TIMEOUT, "2s to 5m");
  }
}
