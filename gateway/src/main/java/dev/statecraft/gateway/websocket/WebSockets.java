package dev.statecraft.gateway.websocket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.gateway.resilience.MemoryBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/**
 * The open WebSockets of all routes. Their number is bounded. If it is reached, the client that has most of them loses
 * one in favor of a client that has fewer. Thread-safe.
 */
public final class WebSockets implements SmartLifecycle {
  private static final String NAME = "statecraft.gateway.websocket";

  private static final List<String> REASONS = List.of("client", "node", "idle-timeout", "drain", "limit", "memory");

  private final int maximum;
  private final Duration idleTimeout;
  private final MemoryBudget memory;
  private final MeterRegistry registry;
  private final LongSupplier nanoTime;
  private final Map<String, Deque<Permit>> byClient = new HashMap<>();
  @GuardedBy("byClient")
  private int open;
  private volatile boolean running;
  private volatile boolean stopping;

  /**
   * Makes a registry without WebSockets.
   *
   * @param memory for bytes that wait for their receiver
   * @param nanoTime the clock of {@link System#nanoTime()}
   */
  public WebSockets(int maximum, Duration idleTimeout, MemoryBudget memory, MeterRegistry registry,
      LongSupplier nanoTime) {
    this.maximum = maximum;
    this.idleTimeout = idleTimeout;
    this.memory = memory;
    this.registry = registry;
    this.nanoTime = nanoTime;
    REASONS.forEach(this::closed);
    Gauge.builder(NAME + ".open", this, WebSockets::open).register(registry);
  }

  /** The right to one WebSocket. */
  public final class Permit implements AutoCloseable {
    private final String client;
    private volatile @Nullable Tunnel tunnel;
    private volatile boolean closed;

    private Permit(String client) {
      this.client = client;
    }

    /** Sends the client the head of the answer 101, and passes on bytes until one side closes. */
    public Mono<Void> connect(Tunnel accepted, Channel channel, HttpHeaders head) {
      tunnel = accepted;
      return accepted.connect(channel, head, WebSockets.this);
    }

    @Override
    public void close() {
      release(this);
    }
  }

  /**
   * Takes a permit, or returns null if too many WebSockets are open or the gateway stops.
   *
   * @param client identifies the client
   */
  public @Nullable Permit tryAcquire(String client) {
    Permit evicted = null;
    Permit permit = new Permit(client);
    synchronized (byClient) {
      if (stopping) {
        return null;
      }
      if (open >= maximum) {
        evicted = newestOfLargest(byClient.getOrDefault(client, new ArrayDeque<>()).size() + 1);
        if (evicted == null) {
          return null;
        }
        release(evicted);
      }
      byClient.computeIfAbsent(client, unknown -> new ArrayDeque<>()).add(permit);
      open++;
    }
    Tunnel lost = evicted == null ? null : evicted.tunnel;
    if (lost != null) {
      lost.goAway("limit");
    }
    return permit;
  }

  /** Returns the newest connected WebSocket of the client that has most, if it has more than {@code least}. */
  @GuardedBy("byClient")
  private @Nullable Permit newestOfLargest(int least) {
    Deque<Permit> largest = null;
    for (Deque<Permit> permits : byClient.values()) {
      if (permits.size() > least && (largest == null || permits.size() > largest.size())
          && permits.getLast().tunnel != null) {
        largest = permits;
      }
    }
    return largest == null ? null : largest.getLast();
  }

  private void release(Permit permit) {
    synchronized (byClient) {
      Deque<Permit> permits = byClient.get(permit.client);
      if (!permit.closed && permits != null && permits.remove(permit)) {
        open--;
        if (permits.isEmpty()) {
          byClient.remove(permit.client);
        }
      }
      permit.closed = true;
    }
  }

  /** Returns the number of WebSockets that are open or being opened. */
  public int open() {
    synchronized (byClient) {
      return open;
    }
  }

  MemoryBudget memory() {
    return memory;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  long idleNanos() {
    return idleTimeout.toNanos();
  }

  boolean isStopping() {
    return stopping;
  }

  void countClosed(String reason) {
    closed(reason).increment();
  }

  private Counter closed(String reason) {
    return registry.counter(NAME + ".closed", "reason", reason);
  }

  @Override
  public void start() {
    running = true;
  }

  /** Closes all WebSockets with status 1001. */
  @Override
  public void stop() {
    running = false;
    List<Permit> all;
    synchronized (byClient) {
      stopping = true;
      all = byClient.values().stream().flatMap(Deque::stream).toList();
    }
    for (Permit permit : all) {
      Tunnel tunnel = permit.tunnel;
      if (tunnel != null) {
        tunnel.goAway("drain");
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops when the drain is over and the server stops to listen, since the server waits for its exchanges. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
  }
}
