package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
    // The reactive service keeps sessions of its own in cookies, which every replica must read.
    sessionKeys(properties);
    return properties;
  }

  private void sessionKeys(Map<String, String> properties) {
    properties.put("statecraft.session.keys.lab", key);
    properties.put("statecraft.session.active-key", "lab");
  }

  /** A stateful node, without the properties of its strategy. */
  public Map<String, String> stateful(String name, int port, SessionStrategy strategy) {
    Map<String, String> properties = common(name, port);
    properties.put("statecraft.session.strategy", strategy.id());
    sessionKeys(properties);
    // Longer than the gateway takes to see on a busy machine that a node is draining.
    properties.put("statecraft.drain", "3s");
    return properties;
  }

  /** The connection of a node to Redis; it finds the primary through the sentinels, if there are any. */
  static Map<String, String> redis(RedisTier tier) {
    if (tier.sentinels().isEmpty()) {
      return Map.of("spring.data.redis.host", tier.first().address(), "spring.data.redis.port",
          Integer.toString(tier.first().port()));
    }
    return Map.of("spring.data.redis.sentinel.master", RedisTier.GROUP, "spring.data.redis.sentinel.nodes",
        tier.sentinels().stream().map(sentinel -> sentinel.address() + ":" + sentinel.port())
            .collect(Collectors.joining(",")));
  }

  /**
   * The gateway.
   *
   * @param routes the nodes of each route by route id, which is also the path prefix
   * @param sticky the ids of the routes on which a session belongs to one node
   * @param files the node lists of the routes whose nodes change, by route id
   */
  Map<String, String> gateway(String name, int port, Map<String, List<Node>> routes, Set<String> sticky,
      Map<String, NodesFile> files) {
    Map<String, String> properties = common(name, port);
    properties.put("statecraft.gateway.keys.lab", key);
    properties.put("statecraft.gateway.active-key", "lab");
    routes.forEach((id, nodes) -> {
      String route = "statecraft.gateway.routes." + id + ".";
      properties.put(route + "prefix", "/" + id);
      properties.put(route + "affinity", sticky.contains(id) ? "login-cookie" : "none");
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
