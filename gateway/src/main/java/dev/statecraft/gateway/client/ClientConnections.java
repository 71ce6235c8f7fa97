package dev.statecraft.gateway.client;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of all clients, each known to the event loop that serves it. At the maximum, a new connection
 * replaces one of the client that holds most ({@link EvictionOrder}). Thread-safe.
 */
final class ClientConnections {
  /** Part of a loop's connections that is closed at once, so that a flood does not cause a search for each. */
  private static final int EVICTED_PART = 64;
  private static final int MAX_SWEEP_MILLIS = 100;
  private static final int SWEEPS_PER_TIMEOUT = 4;
  private static final long NANOS_PER_MILLI = 1_000_000;
  /** An exchange whose client has kept it waiting for less is not ended. */
  private static final long MIN_WAIT_MILLIS = 100;

  private record Entry(ClientConnectionGuard guard, @Nullable String client) {}

  private final int maximum;
  private final Function<@Nullable SocketAddress, @Nullable String> clients;
  private final long sweepMillis;
  private final LongSupplier nanoTime;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<EventLoop, Loop> loops = new ConcurrentHashMap<>();
  /** Number of connections of each client. */
  private final Map<String, Integer> held = new ConcurrentHashMap<>();

  /**
   * Makes an empty set.
   *
   * @param clients returns what identifies the client with an address; null for a peer that serves many clients
   * @param shortestMillis shortest time-out of a connection, which decides how often connections are looked at
   */
  ClientConnections(int maximum, Function<@Nullable SocketAddress, @Nullable String> clients, long shortestMillis,
      LongSupplier nanoTime) {
    this.maximum = maximum;
    this.clients = clients;
    this.sweepMillis = Math.clamp(shortestMillis / SWEEPS_PER_TIMEOUT, 1, MAX_SWEEP_MILLIS);
    this.nanoTime = nanoTime;
  }

  int open() {
    return open.get();
  }

  /** Adds a connection and returns the set of its event loop. Must run on that event loop. */
  Loop add(ClientConnectionGuard connection, Channel channel) {
    Loop own = of(channel.eventLoop());
    own.add(new Entry(connection, clients.apply(channel.remoteAddress())));
    return own;
  }

  /** Returns the set of an event loop. */
  Loop of(EventLoop loop) {
    return loops.computeIfAbsent(loop, Loop::new);
  }

  /** The connections of one event loop. All methods must run on it, apart from {@link #requestReclaim}. */
  final class Loop {
    private final EventLoop loop;
    private final AtomicBoolean reclaimRequested = new AtomicBoolean();
    private final AtomicBoolean evictionRequested = new AtomicBoolean();
    private final List<Entry> connections = new ArrayList<>();
    private long lastSweep = nanoTime.getAsLong();
    private long clock;

    Loop(EventLoop loop) {
      this.loop = loop;
      var _ = loop.scheduleWithFixedDelay(this::sweep, sweepMillis, sweepMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * Returns a clock in milliseconds that advances with each sweep. It stands still while the event loop is held up:
     * in that time no client can show progress.
     */
    long millis() {
      return clock;
    }

    void remove(ClientConnectionGuard connection) {
      int index = connection.index();
      if (index < connections.size() && connections.get(index).guard() == connection) {
        Entry removed = connections.get(index);
        Entry last = connections.removeLast();
        if (last.guard() != connection) {
          connections.set(index, last);
          last.guard().index(index);
        }
        if (removed.client() != null) {
          held.computeIfPresent(removed.client(), (client, count) -> count == 1 ? null : count - 1);
        }
        open.decrementAndGet();
      }
    }

    /**
     * Ends the exchange with the slowest client among those that hold a share of the resource. If there is none here,
     * the other event loops will do so, and this method returns false.
     */
    boolean reclaim(Object resource) {
      boolean reclaimed = evictSlowestHolder(resource);
      if (!reclaimed) {
        loops.values().stream().filter(other -> other != this).forEach(other -> other.requestReclaim(resource));
      }
      return reclaimed;
    }

    /** Makes the event loop end an exchange that holds a share of the resource, if it has one. Thread-safe. */
    void requestReclaim(Object resource) {
      if (!loop.isShuttingDown() && reclaimRequested.compareAndSet(false, true)) {
        loop.execute(() -> {
          reclaimRequested.set(false);
          evictSlowestHolder(resource);
        });
      }
    }

    private boolean evictSlowestHolder(Object resource) {
      ClientConnectionGuard slowest = slowestHolder(resource);
      if (slowest != null) {
        slowest.evict("reclaimed");
      }
      return slowest != null;
    }

    private void add(Entry added) {
      if (added.client() != null) {
        held.merge(added.client(), 1, Integer::sum);
      }
      int now = open.incrementAndGet();
      if (now > maximum && !evictElsewhere(now) && !evict()) {
        added.guard().evict("connections");
      }
      added.guard().index(connections.size());
      connections.add(added);
    }

    /**
     * Makes other event loops evict, if a client with more connections than any client here has them there. Until they
     * do, a few connections more than the maximum are open.
     */
    private boolean evictElsewhere(int now) {
      int most = held.values().stream().mapToInt(Integer::intValue).max().orElse(1);
      if (now > maximum + Math.max(1, maximum / EVICTED_PART) || most == 1 || holds(most)) {
        return false;
      }
      loops.values().stream().filter(other -> other != this).forEach(Loop::requestEviction);
      return true;
    }

    private boolean holds(int most) {
      for (Entry entry : connections) {
        if (heldWith(entry) == most) {
          return true;
        }
      }
      return false;
    }

    private void requestEviction() {
      if (!loop.isShuttingDown() && evictionRequested.compareAndSet(false, true)) {
        loop.execute(() -> {
          evictionRequested.set(false);
          if (open.get() > maximum) {
            evict();
          }
        });
      }
    }

    private boolean evict() {
      List<EvictionOrder.Candidate<ClientConnectionGuard>> candidates = new ArrayList<>(connections.size());
      for (Entry entry : connections) {
        ClientConnectionGuard guard = entry.guard();
        if (!guard.isEvicted()) {
          candidates
              .add(new EvictionOrder.Candidate<>(guard, entry.client(), guard.isIdle(), guard.slowness()));
        }
      }
      List<ClientConnectionGuard> chosen = EvictionOrder.choose(candidates, client -> held.getOrDefault(client, 1),
          1 + connections.size() / EVICTED_PART);
      chosen.forEach(guard -> guard.evict("connections"));
      return !chosen.isEmpty();
    }

    private int heldWith(Entry entry) {
      return entry.client() == null ? 1 : held.getOrDefault(entry.client(), 1);
    }

    private @Nullable ClientConnectionGuard slowestHolder(Object resource) {
      ClientConnectionGuard slowest = null;
      for (Entry entry : connections) {
        ClientConnectionGuard connection = entry.guard();
        if (connection.holds(resource) && connection.waitMillis() >= MIN_WAIT_MILLIS
            && (slowest == null || connection.slowness() > slowest.slowness())) {
          slowest = connection;
        }
      }
      return slowest;
    }

    private void sweep() {
      long now = nanoTime.getAsLong();
      long elapsed = Math.min((now - lastSweep) / NANOS_PER_MILLI, 2 * sweepMillis);
      lastSweep = now;
      clock += elapsed;
      // From the end, because a connection that closes removes itself.
      for (int i = connections.size() - 1; i >= 0; i--) {
        if (i < connections.size()) {
          connections.get(i).guard().sweep(elapsed);
        }
      }
    }
  }
}
