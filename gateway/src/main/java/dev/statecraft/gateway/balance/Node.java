package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.health.NodeHealth;
import dev.statecraft.gateway.health.ProbeTarget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.gateway.support.DelegatingServiceInstance;
import reactor.netty.http.client.HttpClient;

/**
 * One node of a route: its address, health, load and connections as this gateway sees them. Thread-safe and lock-free.
 */
public final class Node extends DelegatingServiceInstance implements ProbeTarget {
  private final String name;
  private final NodeHealth health;
  private final Connections connections;
  private final String authority;
  private final int weight;
  private final long seed;
  private final ResponseTime responseTime = new ResponseTime();
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * The HTTP clients of a node.
   *
   * @param pooled returns the client with a bounded connection pool for the caller's event loop
   * @param fresh opens a new connection for each request; the result shows whether the port listens
   * @param close closes the pools
   */
  public record Connections(Supplier<HttpClient> pooled, HttpClient fresh, Runnable close) {}

  public Node(ServiceInstance member, NodeHealth health, Connections connections) {
    super(member, "http");
    this.name = String.valueOf(member.getInstanceId());
    this.health = health;
    this.connections = connections;
    this.weight = Integer.parseInt(getMetadata().getOrDefault(Member.WEIGHT, "1"));
    this.authority = member.getHost() + ':' + member.getPort();
    this.seed = RendezvousHashing.hash(name);
  }

  /** Returns the name from discovery, unique within the route. */
  public String name() {
    return name;
  }

  @Override
  public NodeHealth health() {
    return health;
  }

  @Override
  public HttpClient probeClient() {
    return connections.fresh();
  }

  public Connections connections() {
    return connections;
  }

  /** Returns the number of requests of this gateway that are in flight at the node. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Returns the weight relative to other nodes; at least 1. */
  public int weight() {
    return weight;
  }

  /** Returns the group of the node; empty if it has none. */
  public String group() {
    return getMetadata().getOrDefault(Member.GROUP, "");
  }

  /** Returns the label that users see. */
  public String label() {
    return getMetadata().getOrDefault(Member.LABEL, "");
  }

  /** Returns host and port in the form of a {@code Host} header. */
  public String authority() {
    return authority;
  }

  long seed() {
    return seed;
  }

  ResponseTime responseTime() {
    return responseTime;
  }

  /** Returns the expected wait of one more request, in nanoseconds, divided by the node's weight. */
  double expectedWait(long nanoTime) {
    // A node without a measurement counts as 1 ns, so that its load still matters.
    return Math.max(responseTime.nanos(nanoTime), 1) * (inFlight.get() + 1) / weight;
  }

  void requestStarted() {
    inFlight.incrementAndGet();
  }

  void requestEnded() {
    inFlight.decrementAndGet();
  }

  void leave() {
    health.leave();
    connections.close().run();
  }

  @Override
  public String getInstanceId() {
    return name;
  }

  @Override
  public String toString() {
    return name + "=" + getUri();
  }
}
