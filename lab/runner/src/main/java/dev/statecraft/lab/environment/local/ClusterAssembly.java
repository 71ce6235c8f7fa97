package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.ClockSkew;
import dev.statecraft.lab.environment.local.process.NetworkNamespaces;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import dev.statecraft.lab.strategy.MemberPorts;
import dev.statecraft.lab.strategy.NodeContext;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.SharedStore;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
  private final Map<String, StoreProcess> stores = new LinkedHashMap<>();
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
    this.redis = plan.strategies().stream().anyMatch(strategy -> strategy.has(StrategyTrait.USES_REDIS))
        ? redisTier()
        : null;
    Set<String> sticky = new HashSet<>();
    for (SessionStrategy strategy : plan.strategies()) {
      Optional<SharedStore> store = strategy.store();
      if (store.isPresent() && !stores.containsKey(store.get().name())) {
        stores.put(store.get().name(), storeProcess(store.get()));
      }
      if (strategy.has(StrategyTrait.SESSIONS_HAVE_OWNERS)) {
        sticky.add(strategy.id());
      }
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
        properties.gateway(GATEWAY, gatewayPort, routes, sticky, files));
    all.add(gateway);
  }

  /** The nodes of each route of the gateway by route id. */
  Map<String, List<Node>> routes() {
    return routes;
  }

  /** All processes except the shared stores, in their start order. */
  List<Node> services() {
    return all;
  }

  Node gateway() {
    return gateway;
  }

  Optional<RedisTier> redis() {
    return Optional.ofNullable(redis);
  }

  /** A server that nodes share, and its process. */
  record StoreProcess(SharedStore store, Node node) {}

  /** The servers that nodes share, besides Redis. */
  Collection<StoreProcess> stores() {
    return stores.values();
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
    int last = plan.nodes() + (plan.has(LocalTrait.SCALABLE) ? 1 : 0);
    Map<String, String> members = members(strategy, last);
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
      Map<String, String> content = properties.stateful(name, port, strategy);
      strategy.configure(new Context(this, strategy, name, peers, members), content);
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

  /** The addresses at which the nodes of a strategy listen for each other, as host:port by node name. */
  private Map<String, String> members(SessionStrategy strategy, int nodesAndSpare)
      throws IOException, InterruptedException {
    Map<String, String> members = new LinkedHashMap<>();
    if (strategy.memberPorts().isPresent()) {
      MemberPorts wanted = strategy.memberPorts().get();
      int last = wanted.includesSpare() ? nodesAndSpare : plan.nodes();
      for (int number = 1; number <= last; number++) {
        String name = ClusterPlan.nodeName(strategy, number);
        int port = wanted.secondPortOffset() == 0 ? ports.next() : ports.next(wanted.secondPortOffset());
        members.put(name, endpoint(name).hostAndPort(port));
      }
    }
    return members;
  }

  /** What a strategy may know of a node that it configures. */
  private record Context(ClusterAssembly parts, SessionStrategy strategy, String name,
      Map<String, String> httpAddresses, Map<String, String> members) implements NodeContext {
    @Override
    public String newAddress() throws IOException, InterruptedException {
      return parts.endpoint(name).hostAndPort(parts.ports.next());
    }

    @Override
    public Path newDisk() throws IOException {
      return parts.processes.work().newDirectory(diskName(name));
    }

    @Override
    public Node store() {
      return Objects.requireNonNull(parts.stores.get(strategy.store().orElseThrow().name())).node();
    }

    @Override
    public Map<String, String> redis() {
      return NodeProperties.redis(parts.redis().orElseThrow());
    }

    @Override
    public int redisReplicas() {
      return RedisTier.REPLICAS;
    }

    @Override
    public Optional<String> reads() {
      return Optional.ofNullable(parts.plan.reads());
    }

    @Override
    public Optional<String> writes() {
      return Optional.ofNullable(parts.plan.writes());
    }

    @Override
    public boolean isScalable() {
      return parts.plan.has(LocalTrait.SCALABLE);
    }
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

  private StoreProcess storeProcess(SharedStore store) throws IOException, ClusterFailure, InterruptedException {
    String name = store.name();
    ProcessEndpoint endpoint = endpoint(name);
    int port = ports.next();
    Path directory = processes.work().newDirectory(name);
    return new StoreProcess(store, new Node(name, endpoint, port, store.command(endpoint, port, directory), directory,
        log(name), processes.processes()));
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
