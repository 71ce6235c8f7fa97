package dev.statecraft.lab.fault;

import dev.statecraft.lab.cluster.ClusterFailure;
import dev.statecraft.lab.cluster.LocalCluster;
import dev.statecraft.lab.cluster.Node;
import dev.statecraft.lab.cluster.SessionStoreState;
import dev.statecraft.lab.cluster.SessionStrategy;
import dev.statecraft.lab.history.FaultEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Does one fault to the nodes of one strategy. {@link #inject} is for one thread, {@link #struck} for any. */
public final class FaultInjector {
  private final LocalCluster cluster;
  private final SessionStrategy strategy;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final AtomicReference<@Nullable FaultEvent> struck = new AtomicReference<>();

  /**
   * An injector.
   *
   * @param nanos the run's clock, which the history is told by
   */
  public FaultInjector(LocalCluster cluster, SessionStrategy strategy, LongSupplier nanos, RandomGenerator random) {
    this.cluster = cluster;
    this.strategy = strategy;
    this.nanos = nanos;
    this.random = random;
  }

  /**
   * Waits until the fault is due, does it, takes its cause away again, and waits until the node can serve.
   *
   * @param at when it is due, on the run's clock
   * @param lasting how long its cause stays
   * @throws ClusterFailure where the node does not come back
   */
  public FaultEvent inject(Fault fault, long at, Duration lasting) throws ClusterFailure, InterruptedException {
    sleepUntil(at);
    return switch (fault) {
      case Fault.Kill kill -> kill(kill, lasting);
    };
  }

  /** The fault as far as it has gone, or null before it struck. */
  public @Nullable FaultEvent struck() {
    return struck.get();
  }

  private FaultEvent kill(Fault.Kill kill, Duration lasting) throws ClusterFailure, InterruptedException {
    Map<String, Optional<SessionStoreState>> states = new LinkedHashMap<>();
    cluster.nodes(strategy).forEach(node -> states.put(node.name(), cluster.sessionStore(node)));
    String name = Victim.choose(strategy, states, random);
    Node node = cluster.nodes(strategy).stream().filter(candidate -> candidate.name().equals(name)).findFirst()
        .orElseThrow();
    long began = nanos.getAsLong();
    struck.set(new FaultEvent(kill.id(), name, began, -1));
    cluster.kill(node);
    sleepUntil(began + lasting.toNanos());
    cluster.restart(node);
    FaultEvent event = new FaultEvent(kill.id(), name, began, nanos.getAsLong());
    struck.set(event);
    cluster.awaitReady(node);
    return event;
  }

  private void sleepUntil(long at) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(at - nanos.getAsLong());
  }
}
