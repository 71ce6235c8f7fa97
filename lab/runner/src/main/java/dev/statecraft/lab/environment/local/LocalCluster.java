package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.local.ClusterPlan.Trait;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.Launches;
import dev.statecraft.lab.environment.local.process.ClockSkew;
import dev.statecraft.lab.environment.local.process.NetworkNamespaces;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import dev.statecraft.lab.environment.local.process.WorkDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gateway, its stateful nodes and what they need, as processes of this machine on ports found free, all on the
 * loopback but where the plan says that they are to be cut off from each other. {@link #close}, the end of this
 * process, or its sudden death ends every one of them. Thread-safe.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final long POLL_MILLIS = 50;
  private static final int ATTEMPTS = 3;
  private static final String GATEWAY = "gateway";
  /** Some elections, and changes of other members. */
  private static final Duration LEAVES_WITHIN = Duration.ofSeconds(30);
  private static final int OK = 200;
  /** More than a node takes to see that its clock has jumped, on a machine with no time to spare. */
  private static final Duration JUMPS_WITHIN = Duration.ofSeconds(30);
  private static final Duration CLOCK_PRECISION = Duration.ofSeconds(5);

  private final ClusterPlan plan;
  private final Launches launches;
  private final Path java;
  private final ProcessGroup household;
  private final Ports ports = new Ports(new SplittableRandom());
  private final NodeProperties properties = new NodeProperties(new SecureRandom());
  private final Map<String, List<Node>> routes = new LinkedHashMap<>();
  private final List<Node> all = new ArrayList<>();
  private final Map<String, Node> spares = new LinkedHashMap<>();
  private final Map<String, NodesFile> files = new LinkedHashMap<>();
  private final Map<String, ClockSkew> clocks = new LinkedHashMap<>();
  private @Nullable NetworkNamespaces network;
  private @Nullable Node gateway;
  private @Nullable RedisTier redis;

  private LocalCluster(ClusterPlan plan, Path java, Launches launches) throws IOException {
    this.plan = plan;
    this.java = java;
    this.launches = launches;
    this.household = new ProcessGroup();
  }

  /**
   * Starts all processes and waits until each is ready. Where another program was faster to take a port that was free,
   * it is tried again with other ports.
   *
   * @throws ClusterFailure where a process does not come up; its last words are in the message, and nothing runs on
   */
  public static LocalCluster start(ClusterPlan plan, Path java, Launches launches)
      throws ClusterFailure, InterruptedException {
    for (int attempt = 1;; attempt++) {
      LocalCluster cluster;
      try {
        Files.createDirectories(plan.logs());
        cluster = new LocalCluster(plan, java, launches);
      } catch (IOException e) {
        throw new ClusterFailure("cannot make the cluster's directories: " + e.getMessage(), e);
      }
      try {
        cluster.bringUp();
        return cluster;
      } catch (ClusterFailure e) {
        cluster.close();
        if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("already in use")) {
          throw e;
        }
      } catch (InterruptedException | RuntimeException e) {
        cluster.close();
        throw e;
      }
    }
  }

  /** Where a strategy stands behind the gateway, without a slash at the end. */
  public URI prefix(SessionStrategy strategy) {
    return gateway().uri().resolve("/" + strategy.id());
  }

  /** The process that all requests go through. */
  public Node gateway() {
    Node node = gateway;
    if (node == null) {
      throw new IllegalStateException("the cluster has not been brought up");
    }
    return node;
  }

  /** The first Redis server, where a strategy needs one. */
  public Optional<Node> redis() {
    return Optional.ofNullable(redis).map(RedisTier::first);
  }

  /** A server or sentinel of Redis by its name, where there is one. */
  public Optional<Node> redis(String name) {
    return Optional.ofNullable(redis).flatMap(tier -> tier.named(name));
  }

  /** The Redis server that takes writes. */
  public Node primary() throws ClusterFailure {
    return tier().primary().orElseThrow(() -> new ClusterFailure("Redis has no primary"));
  }

  /**
   * Cuts the replicas of Redis off, and kills the primary a moment later, so that they have not got its last writes.
   *
   * @param behind how long before the kill the last write is that a replica has
   */
  public void killPrimary(Node primary, Duration behind) throws ClusterFailure, InterruptedException {
    RedisTier tier = tier();
    try {
      tier.fallBehind(primary);
      TimeUnit.NANOSECONDS.sleep(behind.toNanos());
      primary.kill();
    } finally {
      tier.catchUp();
    }
  }

  /** Waits until a replica has taken the place of a primary that was killed, and every sentinel knows. */
  public void awaitFailover(Node former) throws ClusterFailure, InterruptedException {
    RedisTier tier = tier();
    await(READY_WITHIN, () -> "no replica took the place of " + former.name(),
        () -> tier.successor(former).isPresent());
  }

  /** Starts a former primary again, as a replica of its successor, and waits until it is one. */
  public void rejoin(Node former) throws ClusterFailure, InterruptedException {
    RedisTier tier = tier();
    former.start();
    await(READY_WITHIN, () -> former.name() + " did not become a replica", () -> tier.follow(former));
    await(READY_WITHIN, () -> former.name() + " did not catch up", tier::isComplete);
  }

  private static void await(Duration within, Supplier<String> otherwise, BooleanSupplier condition)
      throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new ClusterFailure(otherwise.get());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private RedisTier tier() {
    RedisTier tier = redis;
    if (tier == null) {
      throw new IllegalStateException("the cluster has no Redis");
    }
    return tier;
  }

  /** The nodes behind each route of the gateway, by the route's id. */
  public Map<String, List<Node>> routes() {
    return Map.copyOf(routes);
  }

  /** The stateful nodes of a strategy. */
  public List<Node> nodes(SessionStrategy strategy) {
    return List.copyOf(routes.getOrDefault(strategy.id(), List.of()));
  }

  /** The node that a strategy has beyond those that its plan counts, where it may grow; it runs once it has joined. */
  public Optional<Node> spare(SessionStrategy strategy) {
    return Optional.ofNullable(spares.get(strategy.id()));
  }

  /** Starts a node and tells the gateway that there is one more; does not wait until it can serve. */
  public void join(SessionStrategy strategy, Node node) throws ClusterFailure {
    node.start();
    try {
      file(strategy).list(node);
    } catch (IOException e) {
      throw new ClusterFailure("cannot list " + node.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Tells the gateway that a node goes, has it leave its group where it has one, asks it to end, and waits; false where
   * it had to be killed.
   */
  public boolean leave(SessionStrategy strategy, Node node, Duration within)
      throws ClusterFailure, InterruptedException {
    try {
      file(strategy).strike(node);
    } catch (IOException e) {
      throw new ClusterFailure("cannot strike " + node.name() + ": " + e.getMessage(), e);
    }
    if (strategy == SessionStrategy.REPLICATED) {
      leaveGroup(node);
    }
    return terminate(node, within);
  }

  /** Waits until the others have committed to decide without it. */
  private static void leaveGroup(Node node) throws ClusterFailure, InterruptedException {
    URI membership = node.uri().resolve("/actuator/membership");
    AtomicReference<OptionalInt> last = new AtomicReference<>(OptionalInt.empty());
    await(LEAVES_WITHIN, () -> node.name() + " did not leave its group: " + told(last.get()), () -> {
      last.set(Probe.delete(membership, LEAVES_WITHIN));
      return last.get().orElse(0) == OK;
    });
  }

  private static String told(OptionalInt status) {
    return status.isPresent() ? "it answers " + status.getAsInt() : "it does not answer";
  }

  private NodesFile file(SessionStrategy strategy) {
    NodesFile file = files.get(strategy.id());
    if (file == null) {
      throw new IllegalStateException("the cluster was not planned to grow or shrink");
    }
    return file;
  }

  /** What a stateful node says of its sessions, where it answers. */
  public Optional<SessionStoreState> sessionStore(Node node) {
    return Probe.get(node.uri().resolve("/actuator/sessionstore")).flatMap(SessionStoreState::parse);
  }

  /** The metrics of a node in Prometheus' text form, where it answers. */
  public Optional<String> metrics(Node node) {
    return Probe.get(node.uri().resolve("/actuator/prometheus"));
  }

  /** Kills a node with SIGKILL and waits until it is gone. */
  public void kill(Node node) throws InterruptedException {
    node.kill();
  }

  /** Takes away the disk of a killed node, with all that it kept there; nothing where it has none. */
  public void wipe(Node node) throws ClusterFailure {
    try {
      WorkDirectory.delete(household.work().path().resolve(diskOf(node.name())));
    } catch (IOException e) {
      throw new ClusterFailure("cannot take the disk of " + node.name() + " away: " + e.getMessage(), e);
    }
  }

  private static String diskOf(String name) {
    return name + "-disk";
  }

  /** Starts a killed node again with the same name, port and disk; returns once its process is there. */
  public void restart(Node node) throws ClusterFailure {
    node.start();
  }

  /** Waits until a node says that it can serve. */
  public void awaitReady(Node node) throws ClusterFailure, InterruptedException {
    RedisTier tier = redis;
    if (tier != null && tier.all().contains(node)) {
      await(node, tier::isComplete);
    } else {
      awaitReadiness(node);
    }
    if (clocks.containsKey(node.name())) {
      try {
        ClockSkew.removeShared(node.process().map(ProcessHandle::pid).orElse(-1L));
      } catch (IOException e) {
        throw new ClusterFailure("cannot tidy up after " + node.name() + ": " + e.getMessage(), e);
      }
    }
  }

  static void awaitReadiness(Node node) throws ClusterFailure, InterruptedException {
    await(node, () -> Probe.get(node.uri().resolve("/actuator/health/readiness")).isPresent());
  }

  /** Stops a node where it stands; its connections stay open and nothing answers. */
  public void pause(Node node) throws InterruptedException {
    node.pause();
  }

  /** Lets a paused node go on. */
  public void resume(Node node) throws InterruptedException {
    node.resume();
  }

  /** Asks a node to end and waits; false where it had to be killed. */
  public boolean terminate(Node node, Duration within) throws InterruptedException {
    return node.terminate(within.toSeconds());
  }

  /** Why the nodes of a cluster of this machine cannot have clocks of their own, in words; empty where they can. */
  public static Optional<String> whyNoOwnClocks() {
    return ClockSkew.whyNot();
  }

  /**
   * Has a node's wall clock jump, and waits until the node's answers show it.
   *
   * @param error how far it is ahead of this machine's from then on, behind where it is negative
   * @throws ClusterFailure where the node does not come to tell that time
   * @throws IllegalStateException where the plan did not say that this would be asked for
   */
  public void setClock(Node node, Duration error) throws ClusterFailure, InterruptedException {
    ClockSkew clock = clocks.get(node.name());
    if (clock == null) {
      throw new IllegalStateException("the cluster was not planned to have clocks that go wrong");
    }
    try {
      clock.set(error);
    } catch (IOException e) {
      throw new ClusterFailure("cannot move the clock of " + node.name() + ": " + e.getMessage(), e);
    }
    await(
        JUMPS_WITHIN, () -> "the clock of " + node.name() + " was to be " + error.toSeconds() + " s ahead and is not",
        () -> tells(node, error));
  }

  private static boolean tells(Node node, Duration error) {
    return Probe.time(node.uri().resolve("/actuator/health/liveness"))
        .map(time -> Duration.between(Instant.now().plus(error), time).abs())
        .filter(off -> off.compareTo(CLOCK_PRECISION) < 0).isPresent();
  }

  /**
   * Why the processes of a cluster of this machine cannot be cut off from each other, in words; empty where they can.
   */
  public static Optional<String> whyNotDivisible() {
    return NetworkNamespaces.whyNot();
  }

  /**
   * Cuts nodes off from others in one direction: nothing that one of the first sends arrives at one of the second, and
   * nobody is told so. The gateway and this process reach all nodes as before.
   *
   * @throws IllegalStateException where the plan did not say that this would be asked for
   */
  public void cut(List<Node> from, List<Node> to) throws ClusterFailure, InterruptedException {
    try {
      for (Node sender : from) {
        for (Node receiver : to) {
          network().cut(sender.name(), receiver.name());
        }
      }
    } catch (IOException e) {
      throw new ClusterFailure("cannot cut a connection: " + e.getMessage(), e);
    }
  }

  /** Undoes every cut. */
  public void mend() throws ClusterFailure, InterruptedException {
    try {
      network().mend();
    } catch (IOException e) {
      throw new ClusterFailure("cannot mend the connections: " + e.getMessage(), e);
    }
  }

  private NetworkNamespaces network() {
    NetworkNamespaces joined = network;
    if (joined == null) {
      throw new IllegalStateException("the cluster was not planned to be divided");
    }
    return joined;
  }

  private ProcessEndpoint place(String name) throws IOException, InterruptedException {
    return network == null ? ProcessEndpoint.LOOPBACK : network.join(name);
  }

  private void bringUp() throws ClusterFailure, InterruptedException {
    try {
      if (plan.has(Trait.DIVISIBLE)) {
        network = new NetworkNamespaces(household.processes(), new SplittableRandom());
      }
      for (SessionStrategy strategy : plan.strategies()) {
        List<Node> nodes = group(strategy);
        routes.put(strategy.id(), nodes);
        if (plan.has(Trait.SCALABLE)) {
          files.put(strategy.id(), new NodesFile(household.work().path().resolve(strategy.id() + ".nodes"), nodes));
        }
      }
      int port = ports.next();
      if (plan.others()) {
        routes.put("stateless", List.of(single(App.STATELESS, port)));
        routes.put("reactive", List.of(single(App.REACTIVE, port)));
      }
      gateway = add(App.GATEWAY, GATEWAY, GATEWAY, ProcessEndpoint.LOOPBACK, port,
          properties.gateway(GATEWAY, port, routes, files));
    } catch (IOException e) {
      throw new ClusterFailure("cannot prepare the cluster: " + e.getMessage(), e);
    }
    for (Node node : all) {
      node.start();
    }
    for (Node node : all) {
      awaitReady(node);
    }
  }

  private List<Node> group(SessionStrategy strategy) throws IOException, ClusterFailure, InterruptedException {
    RedisTier tier = strategy == SessionStrategy.REDIS ? startRedis() : null;
    Map<String, String> members = new LinkedHashMap<>();
    for (int number = 1; number <= plan.nodes() && strategy == SessionStrategy.REPLICATED; number++) {
      String name = ClusterPlan.nodeName(strategy, number);
      members.put(name, place(name).with(ports.next()));
    }
    String reads = plan.reads() == null ? "session" : plan.reads();
    Map<String, Integer> served = new LinkedHashMap<>();
    Map<String, String> peers = new LinkedHashMap<>();
    // Peers must know a further node from the beginning, or it could give its sessions to nobody.
    int last = plan.nodes() + (plan.has(Trait.SCALABLE) ? 1 : 0);
    for (int number = 1; number <= last; number++) {
      String name = ClusterPlan.nodeName(strategy, number);
      int port = ports.next();
      served.put(name, port);
      peers.put(name, place(name).with(port));
    }
    List<Node> nodes = new ArrayList<>();
    for (Map.Entry<String, Integer> serving : served.entrySet()) {
      String name = serving.getKey();
      int port = serving.getValue();
      Map<String, String> content = switch (strategy) {
        case AFFINITY -> properties.affinity(name, port, peers);
        case COOKIE -> properties.stateful(name, port, strategy);
        case REDIS -> properties.redis(name, port, Objects.requireNonNull(tier), plan.writes());
        case REPLICATED -> {
          Path disk = household.work().newDirectory(diskOf(name));
          yield members.containsKey(name)
              ? properties.replicated(name, port, members, disk, reads)
              : properties.joining(name, port, members, place(name).with(ports.next()), disk, reads);
        }
      };
      if (strategy == SessionStrategy.REPLICATED && plan.has(Trait.SCALABLE)) {
        properties.mayLeave(content);
      }
      Duration timeout = plan.sessionTimeout();
      if (timeout != null) {
        content.put("statecraft.session.timeout", timeout.toSeconds() + "s");
      }
      content.put("server.address", place(name).address());
      Node node = prepare(App.STATEFUL, strategy.id(), name, clocked(name), port, content);
      if (nodes.size() < plan.nodes()) {
        nodes.add(node);
      } else {
        spares.put(strategy.id(), node);
      }
    }
    all.addAll(nodes);
    return nodes;
  }

  private Node single(App app, int gatewayPort) throws IOException, ClusterFailure {
    String name = app.module().replace("-service", "-1");
    int port = ports.next();
    return add(app, app.module(), name, ProcessEndpoint.LOOPBACK, port,
        properties.other(name, port, "http://127.0.0.1:" + gatewayPort));
  }

  /** Where a stateful node stands, with its own clock if the plan says so. */
  private ProcessEndpoint clocked(String name) throws IOException, InterruptedException {
    if (!plan.has(Trait.OWN_CLOCKS)) {
      return place(name);
    }
    ClockSkew clock = new ClockSkew(
        ClockSkew.library().orElseThrow(), household.work().path().resolve(name + ".clock"));
    clocks.put(name, clock);
    return place(name).before(clock.entry());
  }

  private Node add(App app, String variant, String name, ProcessEndpoint place, int port, Map<String, String> content)
      throws IOException, ClusterFailure {
    Node node = prepare(app, variant, name, place, port, content);
    all.add(node);
    return node;
  }

  private Node prepare(App app, String variant, String name, ProcessEndpoint place, int port,
      Map<String, String> content)
      throws IOException, ClusterFailure {
    Path log = plan.logs().resolve(name + ".log");
    return household.node(name, place, port, content, launches.of(app, variant, name), java, log);
  }

  private RedisTier startRedis() throws IOException, ClusterFailure, InterruptedException {
    ProcessEndpoint place = place(RedisTier.SERVER);
    RedisTier.Maker maker = (name, port, command, directory) -> new Node(
        name, place, port, command, directory, plan.logs().resolve(name + ".log"), household.processes());
    RedisTier tier = plan.has(Trait.SENTINELS)
        ? RedisTier.underSentinels(place, ports, household, maker)
        : RedisTier.alone(place, ports, household, maker);
    redis = tier;
    for (Node node : tier.all()) {
      node.start();
    }
    awaitReady(tier.first());
    return tier;
  }

  private static void await(Node node, BooleanSupplier ready) throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (!ready.getAsBoolean()) {
      if (!node.isAlive()) {
        throw new ClusterFailure(
            node.name() + " ended before it was ready; its last words (" + node.log() + "):\n  " + node.lastWords());
      }
      if (System.nanoTime() > deadline) {
        throw new ClusterFailure(
            node.name() + " was not ready within " + READY_WITHIN.toSeconds() + " s; its last words (" + node.log()
                + "):\n  " + node.lastWords());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Ends every process and removes what they wrote, but for the logs. */
  @Override
  public void close() {
    household.close();
  }
}
