package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.health.NodeHealth;
import dev.statecraft.gateway.health.Probed;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.cloud.client.ServiceInstance;
import reactor.netty.http.client.HttpClient;

/**
 * One node of a route as this gateway sees it: where it is, how it fares, and the connections to it. Thread-safe and
 * lock-free.
 */
public final class Node implements ServiceInstance, Probed {
  private final ServiceInstance member;
  private final String name;
  private final NodeHealth health;
  private final Connections connections;
  private final String authority;
  private final int weight;
  private final long seed;
  private final ResponseTime responseTime = new ResponseTime();
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * The ways to reach a node.
   *
   * @param pooled gives a client that keeps connections, bounded, on the event loop of the caller
   * @param fresh opens a new connection for each request: its outcome tells whether anybody listens now
   * @param close closes what is kept
   */
  public record Connections(Supplier<HttpClient> pooled, HttpClient fresh, Runnable close) {}

  public Node(ServiceInstance member, NodeHealth health, Connections connections) {
    this.member = member;
    this.name = String.valueOf(member.getInstanceId());
    this.health = health;
    this.connections = connections;
    this.weight = Integer.parseInt(getMetadata().getOrDefault(Member.WEIGHT, "1"));
    this.authority = member.getHost() + ':' + member.getPort();
    this.seed = Rendezvous.hash(name);
  }

  /** Returns the name that discovery gave it, unique within its route. */
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

  /** Returns how many requests this gateway has at the node now. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Returns its share relative to others; at least 1. */
  public int weight() {
    return weight;
  }

  /** Returns its group, or an empty text. */
  public String group() {
    return getMetadata().getOrDefault(Member.GROUP, "");
  }

  /** Returns what a user is shown of it. */
  public String label() {
    return getMetadata().getOrDefault(Member.LABEL, "");
  }

  /** Returns host and port, as a {@code Host} field names them. */
  public String authority() {
    return authority;
  }

  long seed() {
    return seed;
  }

  ResponseTime responseTime() {
    return responseTime;
  }

  /** Returns what one more request would wait here, in nanoseconds for the node's weight. */
  double cost(long nanoTime) {
    // A node that was never measured costs next to nothing until its first answer, but its load counts.
    return Math.max(responseTime.nanos(nanoTime), 1) * (inFlight.get() + 1) / weight;
  }

  void started() {
    inFlight.incrementAndGet();
  }

  void ended() {
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
  public String getServiceId() {
    return member.getServiceId();
  }

  @Override
  public String getHost() {
    return member.getHost();
  }

  @Override
  public int getPort() {
    return member.getPort();
  }

  @Override
  public boolean isSecure() {
    return member.isSecure();
  }

  @Override
  public URI getUri() {
    return member.getUri();
  }

  @Override
  public Map<String, String> getMetadata() {
    Map<String, String> metadata = member.getMetadata();
    return metadata == null ? Map.of() : metadata;
  }

  @Override
  public String toString() {
    return name + "=" + getUri();
  }
}
