package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.local.process.Node;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Creates the Spring Boot properties of each process. They include signing keys, so they are passed in a file that only
 * its owner can read, not on the command line.
 */
public final class NodeProperties {
  private final String key;

  public NodeProperties(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = Base64.getEncoder().encodeToString(bytes);
  }

  /** The properties of every process. */
  Map<String, String> common(String name, int port) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("statecraft.node", name);
    properties.put("server.port", Integer.toString(port));
    properties.put("server.address", "127.0.0.1");
    properties.put("spring.main.banner-mode", "off");
    return properties;
  }

  /** A node of the stateless or the reactive service; these call each other through the gateway. */
  Map<String, String> sessionless(String name, int port, String gateway) {
    Map<String, String> properties = common(name, port);
    String call = "/work?wait=100";
    properties.put("statecraft.fanout.targets",
        String.join(",", gateway + "/stateless" + call, gateway + "/reactive" + call, gateway + "/stateless" + call));
    properties.put("statecraft.relay.peers.stateless", gateway + "/stateless/relay");
    properties.put("statecraft.relay.peers.reactive", gateway + "/reactive/relay");
    properties.put("statecraft.relay.keys.lab", key);
    properties.put("statecraft.relay.active-key", "lab");
    return properties;
  }

  /** A stateful node, without the properties of its strategy. */
  public Map<String, String> stateful(String name, int port, SessionStrategy strategy) {
    Map<String, String> properties = common(name, port);
    properties.put("statecraft.session.strategy", strategy.id());
    properties.put("statecraft.session.keys.lab", key);
    properties.put("statecraft.session.active-key", "lab");
    // Longer than the gateway takes to see on a busy machine that a node is draining.
    properties.put("statecraft.drain", "3s");
    return properties;
  }

  /** An affinity node; {@code peers} are all nodes, as host:port by node name. */
  Map<String, String> affinity(String name, int port, Map<String, String> peers) {
    Map<String, String> properties = stateful(name, port, SessionStrategy.AFFINITY);
    properties.put("statecraft.session.affinity.peers", peers.entrySet().stream()
        .map(peer -> peer.getKey() + "=http://" + peer.getValue()).collect(Collectors.joining(",")));
    return properties;
  }

  /** An initial member of the Raft group; {@code members} are the transport addresses, as host:port by node name. */
  Map<String, String> replicated(String name, int port, Map<String, String> members, Path directory, String reads) {
    Map<String, String> properties = stateful(name, port, SessionStrategy.REPLICATED);
    properties.put("statecraft.session.replicated.members", members.entrySet().stream()
        .map(member -> member.getKey() + "=" + member.getValue()).collect(Collectors.joining(",")));
    properties.put("statecraft.session.replicated.directory", directory.toString());
    properties.put("statecraft.session.replicated.reads", reads);
    return properties;
  }

  /** A node that joins the Raft group of these members later; {@code transport} is its own address, as host:port. */
  Map<String, String> joining(String name, int port, Map<String, String> members, String transport, Path directory,
      String reads) {
    Map<String, String> all = new LinkedHashMap<>(members);
    all.put(name, transport);
    Map<String, String> properties = replicated(name, port, all, directory, reads);
    properties.put("statecraft.session.replicated.joins", "true");
    return properties;
  }

  /** A Redis node; it finds the primary through the sentinels, if there are any. */
  Map<String, String> redis(String name, int port, RedisTier tier, @Nullable String writes) {
    Map<String, String> properties = stateful(name, port, SessionStrategy.REDIS);
    if (tier.sentinels().isEmpty()) {
      properties.put("spring.data.redis.host", tier.first().address());
      properties.put("spring.data.redis.port", Integer.toString(tier.first().port()));
    } else {
      properties.put("spring.data.redis.sentinel.master", RedisTier.GROUP);
      properties.put("spring.data.redis.sentinel.nodes", tier.sentinels().stream()
          .map(sentinel -> sentinel.address() + ":" + sentinel.port()).collect(Collectors.joining(",")));
    }
    if (writes != null) {
      properties.put("statecraft.session.redis.writes", writes);
      // All replicas must confirm a write, because the sentinels may promote any of them.
      properties.put("statecraft.session.redis.replicas", Integer.toString(RedisTier.REPLICAS));
    }
    return properties;
  }

  /**
   * The gateway.
   *
   * @param routes the nodes of each route by route id, which is also the path prefix
   * @param files the node lists of the routes whose nodes change, by route id
   */
  Map<String, String> gateway(String name, int port, Map<String, List<Node>> routes, Map<String, NodesFile> files) {
    Map<String, String> properties = common(name, port);
    properties.put("statecraft.gateway.keys.lab", key);
    properties.put("statecraft.gateway.active-key", "lab");
    routes.forEach((id, nodes) -> {
      String route = "statecraft.gateway.routes." + id + ".";
      properties.put(route + "prefix", "/" + id);
      properties.put(route + "affinity", id.equals(SessionStrategy.AFFINITY.id()) ? "login-cookie" : "none");
      NodesFile file = files.get(id);
      if (file == null) {
        nodes.forEach(node -> properties.put(route + "nodes." + node.name(), node.uri().toString()));
      } else {
        properties.put(route + "nodes-file", file.path().toString());
      }
    });
    return properties;
  }
}
