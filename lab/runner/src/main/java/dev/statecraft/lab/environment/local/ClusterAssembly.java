package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.ClockSkew;
import dev.statecraft.lab.environment.local.process.NetworkNamespaces;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Configures the processes of one {@link LocalCluster}: their addresses, ports, clocks and properties. Creates network
 * namespaces but starts no process. Not thread-safe.
 */
final class ClusterAssembly {
  private static final String GATEWAY = "gateway";

  private final ClusterPlan plan;
  private final LaunchProvider launches;
  private final Path java;
  private final ProcessGroup processes;
  private final Ports ports = new Ports(new SplittableRandom());
  private final NodeProperties properties = new NodeProperties(new SecureRandom());
  private final Map<String, List<Node>> routes = new LinkedHashMap<>();
  private final List<Node> all = new ArrayList<>();
  private final Map<String, Node> spares = new LinkedHashMap<>();
  private final Map<String, NodesFile> files = new LinkedHashMap<>();
  private final Map<String, ClockSkew> clocks = new LinkedHashMap<>();
  private final @Nullable NetworkNamespaces network;
  private final @Nullable RedisTier redis;
  private final Node gateway;

  ClusterAssembly(ClusterPlan plan, Path java, LaunchProvider launches, ProcessGroup processes)
      throws IOException, ClusterFailure, InterruptedException {
    this.plan = plan;
    this.java = java;
    this.launches = launches;
    this.processes = processes;
    this.network = plan.has(LocalTrait.PARTITIONABLE)
        ? new NetworkNamespaces(processes.processes(), new SplittableRandom())
        : null;
    this.redis = plan.strategies().contains(SessionStrategy.REDIS) ? redisTier() : null;
    for (SessionStrategy strategy : plan.strategies()) {
      List<Node> nodes = statefulNodes(strategy);
      routes.put(strategy.id(), nodes);
      all.addAll(nodes);
      if (plan.has(LocalTrait.SCALABLE)) {
        files.put(strategy.id(), new NodesFile(processes.work().path().resolve(strategy.id() + ".nodes"), nodes));
      }
    }
    int gatewayPort = ports.next();
    if (plan.sessionless()) {
      routes.put("stateless", List.of(sessionlessNode(App.STATELESS, gatewayPort)));
      routes.put("reactive", List.of(sessionlessNode(App.REACTIVE, gatewayPort)));
    }
    this.gateway = node(App.GATEWAY, GATEWAY, GATEWAY, ProcessEndpoint.LOOPBACK, gatewayPort,
        properties.gateway(GATEWAY, gatewayPort, routes, files));
    all.add(gateway);
  }

  /** The nodes of each route of the gateway by route id. */
  Map<String, List<Node>> routes() {
    return routes;
  }

  /** All processes except Redis, in their start order. */
  List<Node> services() {
    return all;
  }

  Node gateway() {
    return gateway;
  }

  Optional<RedisTier> redis() {
    return Optional.ofNullable(redis);
  }

  Optional<NetworkNamespaces> network() {
    return Optional.ofNullable(network);
  }

  /** The node of a strategy that is not running initially and may join, if the cluster is scalable. */
  Optional<Node> spare(SessionStrategy strategy) {
    return Optional.ofNullable(spares.get(strategy.id()));
  }

  /** The node list of a strategy that the gateway polls, if the cluster is scalable. */
  Optional<NodesFile> nodesFile(SessionStrategy strategy) {
    return Optional.ofNullable(files.get(strategy.id()));
  }

  Optional<ClockSkew> clock(Node node) {
    return Optional.ofNullable(clocks.get(node.name()));
  }

  /** The disk directory of a stateful node. */
  Path disk(String name) {
    return processes.work().path().resolve(diskName(name));
  }

  private static String diskName(String name) {
    return name + "-disk";
  }

  private List<Node> statefulNodes(SessionStrategy strategy) throws IOException, ClusterFailure, InterruptedException {
    // The peer list includes the spare node, so that the spare can hand its sessions over when it leaves.
    int last = plan.nodes() + (plan.has(LocalTrait.SCALABLE) ? 1 : 0);
    Map<String, String> members = new LinkedHashMap<>();
    for (int number = 1; number <= plan.nodes() && strategy == SessionStrategy.REPLICATED; number++) {
      String name = ClusterPlan.nodeName(strategy, number);
      members.put(name, endpoint(name).hostAndPort(ports.next()));
    }
    Map<String, Integer> httpPorts = new LinkedHashMap<>();
    Map<String, String> peers = new LinkedHashMap<>();
    for (int number = 1; number <= last; number++) {
      String name = ClusterPlan.nodeName(strategy, number);
      int port = ports.next();
      httpPorts.put(name, port);
      peers.put(name, endpoint(name).hostAndPort(port));
    }
    List<Node> nodes = new ArrayList<>();
    for (Map.Entry<String, Integer> entry : httpPorts.entrySet()) {
      String name = entry.getKey();
      int port = entry.getValue();
      Map<String, String> content = configuration(strategy, name, port, peers, members);
      Duration timeout = plan.sessionTimeout();
      if (timeout != null) {
        content.put("statecraft.session.timeout", timeout.toSeconds() + "s");
      }
      content.put("server.address", endpoint(name).address());
      Node node = node(App.STATEFUL, strategy.id(), name, endpointWithClock(name), port, content);
      if (nodes.size() < plan.nodes()) {
        nodes.add(node);
      } else {
        spares.put(strategy.id(), node);
      }
    }
    return nodes;
  }

  private Map<String, String> configuration(SessionStrategy strategy, String name, int port, Map<String, String> peers,
      Map<String, String> members) throws IOException, InterruptedException {
    if (strategy == SessionStrategy.AFFINITY) {
      return properties.affinity(name, port, peers);
    }
    if (strategy == SessionStrategy.REDIS) {
      return properties.redis(name, port, Objects.requireNonNull(redis), plan.writes());
    }
    if (strategy == SessionStrategy.REPLICATED) {
      Path disk = processes.work().newDirectory(diskName(name));
      String reads = plan.reads() == null ? Reads.SESSION : plan.reads();
      Map<String, String> content = members.containsKey(name)
          ? properties.replicated(name, port, members, disk, reads)
          : properties.joining(name, port, members, endpoint(name).hostAndPort(ports.next()), disk, reads);
      if (plan.has(LocalTrait.SCALABLE)) {
        // The membership endpoint is not exposed by default.
        content.put("management.endpoints.web.exposure.include", "health,prometheus,sessionstore,membership");
      }
      return content;
    }
    return properties.stateful(name, port, strategy);
  }

  private Node sessionlessNode(App app, int gatewayPort) throws IOException, ClusterFailure {
    String name = app.module().replace("-service", "-1");
    int port = ports.next();
    Node node = node(app, app.module(), name, ProcessEndpoint.LOOPBACK, port,
        properties.sessionless(name, port, "http://127.0.0.1:" + gatewayPort));
    all.add(node);
    return node;
  }

  private ProcessEndpoint endpoint(String name) throws IOException, InterruptedException {
    return network == null ? ProcessEndpoint.LOOPBACK : network.endpoint(name);
  }

  /** The endpoint of a stateful node, with its own clock if the plan asks for that. */
  private ProcessEndpoint endpointWithClock(String name) throws IOException, InterruptedException {
    if (!plan.has(LocalTrait.OWN_CLOCKS)) {
      return endpoint(name);
    }
    ClockSkew clock = new ClockSkew(ClockSkew.library().orElseThrow(),
        processes.work().path().resolve(name + ".clock"));
    clocks.put(name, clock);
    return endpoint(name).prefixedWith(clock.commandPrefix());
  }

  private Node node(App app, String variant, String name, ProcessEndpoint endpoint, int port,
      Map<String, String> content) throws IOException, ClusterFailure {
    return processes.node(name, endpoint, port, content, launches.of(app, variant, name), java, log(name));
  }

  private Path log(String name) {
    return plan.logs().resolve(name + ".log");
  }

  private RedisTier redisTier() throws IOException, ClusterFailure, InterruptedException {
    ProcessEndpoint endpoint = endpoint(RedisTier.SERVER);
    RedisTier.NodeFactory factory = (name, port, command, directory) -> new Node(name, endpoint, port, command,
        directory, log(name), processes.processes());
    return plan.has(LocalTrait.SENTINELS)
        ? RedisTier.withSentinels(endpoint, ports, processes, factory)
        : RedisTier.single(endpoint, ports, processes, factory);
  }
}
