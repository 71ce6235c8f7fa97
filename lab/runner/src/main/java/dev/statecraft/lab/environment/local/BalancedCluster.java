package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.PrometheusText;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.Launches;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
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
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Equal nodes of the stateless service, of which the first is slower, one more that is no member yet, and a gateway
 * that is started again for each balancing rule, so that no rule inherits what another has learnt. All are processes of
 * this machine and end with {@link #close}. Not thread-safe, but for what it asks of the gateway.
 */
public final class BalancedCluster implements AutoCloseable {
  private static final String ROUTE = "balanced";
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final Path logs;
  private final Path java;
  private final Launches launches;
  private final int slowdown;
  private final ProcessGroup processes;
  private final Ports ports = new Ports(new SplittableRandom());
  private final NodeProperties properties = new NodeProperties(new SecureRandom());
  private final List<Node> nodes = new ArrayList<>();
  private int gateways;
  private @Nullable Node gateway;
  private @Nullable NodesFile members;

  private BalancedCluster(int slowdown, Path logs, Path java, Launches launches) throws IOException {
    this.slowdown = slowdown;
    this.logs = logs;
    this.java = java;
    this.launches = launches;
    this.processes = new ProcessGroup();
  }

  /**
   * Starts the nodes and waits until they are ready; a gateway is started by {@link #restartGateway}.
   *
   * @param members how many are members from the beginning
   * @param slowdown how many times longer than the others the first one works
   */
  public static BalancedCluster start(int members, int slowdown, Path logs, Path java, Launches launches)
      throws ClusterFailure, InterruptedException {
    BalancedCluster cluster;
    try {
      Files.createDirectories(logs);
      cluster = new BalancedCluster(slowdown, logs, java, launches);
    } catch (IOException e) {
      throw new ClusterFailure("cannot make the cluster's directories: " + e.getMessage(), e);
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

  /** The nodes that are members when a rule begins; the first is the slow one. */
  public List<Node> members() {
    return List.copyOf(nodes.subList(0, nodes.size() - 1));
  }

  /** The node that runs and is no member before {@link #addSpare}. */
  public Node spare() {
    return nodes.getLast();
  }

  /** Starts a gateway that balances the members by a rule, in place of the one before; returns the route's URL. */
  public URI restartGateway(String rule) throws ClusterFailure, InterruptedException {
    Node last = gateway;
    if (last != null) {
      last.terminate(STOP_TIMEOUT.toSeconds());
    }
    try {
      members = new NodesFile(processes.work().path().resolve("members"), members());
      int port = ports.next();
      Map<String, String> content = properties.gateway("gateway", port, Map.of());
      String route = "statecraft.gateway.routes." + ROUTE + '.';
      content.put(route + "prefix", '/' + ROUTE);
      content.put(route + "balance", rule);
      content.put(route + "hash-key", "header:X-Tenant");
      content.put(route + "nodes-file", members.path().toString());
      // Other rules would heed weights too, and then know in advance what they are to find out.
      if (rule.equals("weighted")) {
        nodes.forEach(
            node -> content.put(route + "weights." + node.name(), node == nodes.getFirst() ? "1" : "" + slowdown));
      }
      // The load stands for many clients, so it must be believed whom it speaks for.
      content.put("statecraft.gateway.client.trusted-proxies", "127.0.0.0/8");
      Node next = node(App.GATEWAY, "gateway", "gateway-" + ++gateways, port, content);
      next.start();
      Readiness.await(next);
      gateway = next;
      return next.uri().resolve('/' + ROUTE);
    } catch (IOException e) {
      throw new ClusterFailure("cannot prepare the gateway: " + e.getMessage(), e);
    }
  }

  /** Makes the spare node a member: the gateway reads the list again by itself. */
  public void addSpare() throws ClusterFailure {
    try {
      Objects.requireNonNull(members, "no rule balances yet").add(spare());
    } catch (IOException e) {
      throw new ClusterFailure("cannot change the list of nodes: " + e.getMessage(), e);
    }
  }

  /** Starts a killed node again and waits until it is ready. */
  public void restart(Node node) throws ClusterFailure, InterruptedException {
    node.start();
    Readiness.await(node);
  }

  /** The gateway's metrics in Prometheus' text form, where it answers. */
  public Optional<String> metrics() {
    Node node = gateway;
    return node == null ? Optional.empty() : PrometheusText.fetch(node.uri());
  }

  private Node service(String name, int times) throws ClusterFailure {
    try {
      int port = ports.next();
      Map<String, String> content = properties.common(name, port);
      content.put("statecraft.work.slowdown", Integer.toString(times));
      return node(App.STATELESS, App.STATELESS.module(), name, port, content);
    } catch (IOException e) {
      throw new ClusterFailure("cannot prepare " + name + ": " + e.getMessage(), e);
    }
  }

  private Node node(App app, String variant, String name, int port, Map<String, String> content)
      throws IOException, ClusterFailure {
    return processes.node(name, port, content, launches.of(app, variant, name), java, logs.resolve(name + ".log"));
  }

  @Override
  public void close() {
    processes.close();
  }
}
