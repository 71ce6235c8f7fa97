package dev.statecraft.lab.strategy;

import dev.statecraft.lab.environment.local.process.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A stateful node of a local cluster that is to be configured, and what surrounds it. */
public interface NodeContext {
  /** The node's name. */
  String name();

  /** The HTTP addresses of all nodes and the spare one, as host:port by node name. */
  Map<String, String> httpAddresses();

  /** The addresses of the {@linkplain SessionStrategy#memberPorts() members}, as host:port by node name. */
  Map<String, String> members();

  /** Returns another free address of the node, as host:port. */
  String newAddress() throws IOException, InterruptedException;

  /** Creates the directory of the node that survives its restarts and is lost with {@code wipe}. */
  Path newDisk() throws IOException;

  /** The process of {@link SessionStrategy#store}. */
  Node store();

  /** The properties {@code spring.data.redis.*} that find the shared Redis. */
  Map<String, String> redis();

  /** The number of replicas that the primary of the shared Redis has, if there are sentinels. */
  int redisReplicas();

  /** The value of {@code --reads}, if it was given. */
  Optional<String> reads();

  /** The value of {@code --writes}, if it was given. */
  Optional<String> writes();

  /** Whether nodes join and leave while the cluster runs. */
  boolean isScalable();

  /** The {@link #members} as {@code name=host:port}, separated by commas. */
  default String memberList() {
    return members().entrySet().stream().map(member -> member.getKey() + "=" + member.getValue())
        .collect(Collectors.joining(","));
  }
}
