package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.channel.NodeChannels;
import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.health.NodeHealth;
import dev.statecraft.gateway.health.ProbeTarget;
import dev.statecraft.gateway.resilience.AdaptiveLimit;
import dev.statecraft.gateway.resilience.ConnectionPermits;
import dev.statecraft.gateway.resilience.NodeCircuit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.gateway.support.DelegatingServiceInstance;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/**
 * One node of a route: its address, health, load and connections as this gateway sees them. Thread-safe and lock-free.
 */
public final class Node extends DelegatingServiceInstance implements ProbeTarget {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final String name;
  private final NodeHealth health;
  private final Connections connections;
  private final String authority;
  private final int weight;
  private final String zone;
  private final long seed;
  private final NodeCircuit circuit;
  private final ConnectionPermits permits;
  private final AdaptiveLimit limit;
  private final AtomicLong lastAnswer = new AtomicLong();
  private final ResponseTime responseTime = new ResponseTime();
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean left;

  /**
   * The HTTP clients of a node.
   *
   * @param pooled returns the client with a connection pool for the caller's event loop
   * @param fresh returns one that opens a new connection for each request; the result shows whether the port listens
   * @param probe returns one that opens a new connection for each request, on one event loop
   * @param probeTimer the timer of that event loop
   * @param channels connections for requests that the gateway writes to Netty's codec itself
   * @param close closes the pools
   */
  public record Connections(Supplier<HttpClient> pooled, Supplier<HttpClient> fresh, Supplier<HttpClient> probe,
      Scheduler probeTimer, NodeChannels channels, Runnable close) {}

  public Node(ServiceInstance member, NodeHealth health, NodeCircuit circuit, ConnectionPermits permits,
      AdaptiveLimit limit, Connections connections) {
    super(member, "http");
    this.limit = limit;
    this.circuit = circuit;
    this.permits = permits;
    this.name = String.valueOf(member.getInstanceId());
    this.health = health;
    this.connections = connections;
    this.weight = Integer.parseInt(getMetadata().getOrDefault(Member.WEIGHT, "1"));
    this.zone = getMetadata().getOrDefault(Member.ZONE, "");
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
    return connections.probe().get();
  }

  @Override
  public Scheduler probeTimer() {
    return connections.probeTimer();
  }

  public Connections connections() {
    return connections;
  }

  public NodeCircuit circuit() {
    return circuit;
  }

  /** Returns the permits for attempts at this node. */
  public ConnectionPermits permits() {
    return permits;
  }

  /** Returns the limit of attempts that wait for an answer of this node. */
  public AdaptiveLimit limit() {
    return limit;
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

  /** Returns the zone of the node; empty if it is unknown. */
  public String zone() {
    return zone;
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

  /** Records a good answer to a request. The last one is kept. */
  void answered(int requestHash, long nanoTime) {
    lastAnswer.lazySet((long) requestHash << Integer.SIZE | millis(nanoTime));
  }

  /** Tells whether the last good answer was to an equal request, at this time or later. */
  boolean hasAnswered(int requestHash, long sinceNanoTime) {
    long last = lastAnswer.get();
    return (int) (last >>> Integer.SIZE) == requestHash && (int) last - (int) millis(sinceNanoTime) >= 0;
  }

  /** Milliseconds, wrapping after 49 days. */
  private static long millis(long nanoTime) {
    return nanoTime / NANOS_PER_MILLI & 0xFFFF_FFFFL;
  }

  void requestStarted() {
    inFlight.incrementAndGet();
  }

  void requestEnded() {
    inFlight.decrementAndGet();
  }

  /** Tells whether the node is no longer among the nodes of its route. */
  public boolean hasLeft() {
    return left;
  }

  void leave() {
    left = true;
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
