package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.PrometheusText;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A gateway and nodes of the stateless service on this machine. The first node is slower than the others, and the last
 * one joins later. Each balancing rule gets a new gateway, so that no rule inherits measurements. {@link #close} stops
 * all processes. Not thread-safe, except {@link #metrics}.
 */
public final class BalancedCluster implements AutoCloseable {
  private static final String ROUTE = "balanced";
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final Path logs;
  private final Path java;
  private final LaunchProvider launches;
  private final int slowdown;
  private final ProcessGroup processes;
  private final Ports ports = new Ports(new SplittableRandom());
  private final NodeProperties properties = new NodeProperties(new SecureRandom());
  private final List<Node> nodes = new ArrayList<>();
  private int gateways;
  private @Nullable Node gateway;
  private @Nullable NodesFile members;

  private BalancedCluster(int slowdown, Path logs, Path java, LaunchProvider launches) throws IOException {
    this.slowdown = slowdown;
    this.logs = logs;
    this.java = java;
    this.launches = launches;
    this.processes = new ProcessGroup();
  }

  /**
   * Starts the nodes and waits until they are ready; {@link #restartGateway} starts the gateway.
   *
   * @param members the number of initial members
   * @param slowdown the factor by which the first node is slower than the others
   */
  public static BalancedCluster start(int members, int slowdown, Path logs, Path java, LaunchProvider launches)
      throws ClusterFailure, InterruptedException {
    BalancedCluster cluster;
    try {
      Files.createDirectories(logs);
      cluster = new BalancedCluster(slowdown, logs, java, launches);
    } catch (IOException e) {
      throw new ClusterFailure("cannot create the directories of the cluster: " + e.getMessage(), e);
    }
    try {
      for (int number = 1; number <= members + 1; number++) {
        cluster.nodes.add(cluster.service(number == 1 ? "slow" : "node-" + number, number == 1 ? slowdown : 1));
      }
      for (Node node : cluster.nodes) {
        node.start();
      }
      for (Node node : cluster.nodes) {
        Readiness.await(node);
      }
      return cluster;
    } catch (ClusterFailure | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The initial members under each rule; the first is the slow one. */
  public List<Node> members() {
    return List.copyOf(nodes.subList(0, nodes.size() - 1));
  }

  /** The node that runs but is not a member before {@link #addSpare}. */
  public Node spare() {
    return nodes.getLast();
  }

  /** Replaces the gateway by one that balances the members by a rule; returns the URL of its route. */
  public URI restartGateway(String rule) throws ClusterFailure, InterruptedException {
    return restartGateway(rule, members(), Map.of(), Map.of());
  }

  /**
   * Replaces the gateway by one that balances the normal members and a grey node by a rule; returns the URL of its
   * route.
   *
   * @param outlierEjection whether the gateway ejects nodes by their share of failures
   */
  public URI restartGateway(String rule, GreyNode grey, boolean outlierEjection)
      throws ClusterFailure, InterruptedException {
    return restartGateway(rule, members().subList(1, members().size()), Map.of(GreyNode.NAME, grey.uri()),
        outlierEjection ? Map.of() : Map.of("outlier.failure-percent", "0"));
  }

  private URI restartGateway(String rule, List<Node> first, Map<String, URI> others, Map<String, String> settings)
      throws ClusterFailure, InterruptedException {
    Node previous = gateway;
    if (previous != null) {
      previous.terminate(STOP_TIMEOUT.toSeconds());
    }
    try {
      NodesFile file = new NodesFile(processes.work().path().resolve("members"), first);
      for (Map.Entry<String, URI> other : others.entrySet()) {
        file.add(other.getKey(), other.getValue());
      }
      members = file;
      int port = ports.next();
      Map<String, String> content = properties.gateway("gateway", port, Map.of(), Set.of(), Map.of());
      String route = "statecraft.gateway.routes." + ROUTE + '.';
      content.put(route + "prefix", '/' + ROUTE);
      content.put(route + "balance", rule);
      content.put(route + "hash-key", "header:X-Tenant");
      content.put(route + "nodes-file", file.path().toString());
      settings.forEach((name, value) -> content.put(route + name, value));
      // Only this rule gets weights: the others also use them, and must find the slow node themselves.
      if (rule.equals("weighted")) {
        nodes.forEach(
            node -> content.put(route + "weights." + node.name(), node == nodes.getFirst() ? "1" : "" + slowdown));
      }
      // The load generator names its simulated clients in X-Forwarded-For.
      content.put("statecraft.gateway.client.trusted-proxies", "127.0.0.0/8");
      Node next = node(App.GATEWAY, "gateway", "gateway-" + ++gateways, port, content);
      restart(next);
      gateway = next;
      return next.uri().resolve('/' + ROUTE);
    } catch (IOException e) {
      throw new ClusterFailure("cannot prepare the gateway: " + e.getMessage(), e);
    }
  }

  /** Adds the spare node to the list of members, which the gateway polls. */
  public void addSpare() throws ClusterFailure {
    NodesFile file = Objects.requireNonNull(members, "no gateway is running");
    ClusterFailure.orFail("change the node list", () -> file.add(spare()));
  }

  /** Starts a node, which may have been killed, and waits until it is ready. */
  public void restart(Node node) throws ClusterFailure, InterruptedException {
    node.start();
    Readiness.await(node);
  }

  /** The gateway's metrics in the Prometheus text format; empty if it does not answer. */
  public Optional<String> metrics() {
    Node node = gateway;
    return node == null ? Optional.empty() : PrometheusText.fetch(node.uri());
  }

  private Node service(String name, int factor) throws ClusterFailure {
    try {
      int port = ports.next();
      Map<String, String> content = properties.common(name, port);
      content.put("statecraft.work.slowdown", Integer.toString(factor));
      return node(App.STATELESS, App.STATELESS.module(), name, port, content);
    } catch (IOException e) {
      throw new ClusterFailure("cannot prepare " + name + ": " + e.getMessage(), e);
    }
  }

  private Node node(App app, String variant, String name, int port, Map<String, String> content)
      throws IOException, ClusterFailure {
    return processes.node(name, ProcessEndpoint.LOOPBACK, port, content, launches.of(app, variant, name), java,
        logs.resolve(name + ".log"));
  }

  @Override
  public void close() {
    processes.close();
  }
}
