package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.PrometheusText;
import dev.statecraft.lab.environment.local.BalancedCluster;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Changing;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Run;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Share;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Steady;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.Measurement;
import dev.statecraft.lab.load.OpenLoop;
import dev.statecraft.lab.load.OperationMix;
import dev.statecraft.lab.load.SimulatedHttpClient;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Measures balancing rules, one after the other, before the same nodes. */
public final class BalancingExperiment {
  private static final int CLIENTS = 200;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration EJECTED_WITHIN = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final int INTERVAL_MILLIS = 250;
  private static final String METRIC = "statecraft_gateway_";

  private final BalancedCluster cluster;
  private final double ratePerSecond;
  private final Duration each;
  private final int workMillis;
  private final long seed;

  /**
   * A trial that has measured nothing.
   *
   * @param each how long the members stay as they are, and then how long they change
   */
  public BalancingExperiment(BalancedCluster cluster, double ratePerSecond, Duration each, int workMillis, long seed) {
    this.cluster = cluster;
    this.ratePerSecond = ratePerSecond;
    this.each = each;
    this.workMillis = workMillis;
    this.seed = seed;
  }

  /** Measures one rule with a gateway of its own, and puts the nodes back to what they were. */
  public Run run(String rule) throws ClusterFailure, InterruptedException {
    URI work = URI.create(cluster.balance(rule) + "/work?wait=" + workMillis);
    try (SimulatedHttpClient client = new SimulatedHttpClient(work, CLIENTS, DEADLINE)) {
      Steady steady = steady(rule, client);
      Changing changing = changing(rule, client);
      return new Run(rule, steady, changing);
    }
  }

  private Steady steady(String rule, SimulatedHttpClient client) throws InterruptedException {
    Recording recording = new Recording(plan(WARM_UP));
    Measurement measurement = recording.run(rule, client);
    return new Steady(
        measurement.requests(), measurement.errors(), measurement.throughputPerSecond(), measurement.latencyMillis(),
        shares(recording.measured()));
  }

  private List<Share> shares(List<Operation> operations) {
    List<Operation> good = operations.stream().filter(operation -> operation.outcome() instanceof Outcome.Ok).toList();
    return cluster.members().stream().map(node -> {
      long answers = good.stream().filter(operation -> node.name().equals(operation.servedBy())).count();
      return new Share(node.name(), answers, good.isEmpty() ? 0 : 100.0 * answers / good.size());
    }).toList();
  }

  private Changing changing(String rule, SimulatedHttpClient client) throws ClusterFailure, InterruptedException {
    Node victim = cluster.members().getLast();
    Node spare = cluster.spare();
    Recording recording = new Recording(plan(Duration.ZERO));
    double retriesBefore = retries();
    Changes changes;
    Measurement measurement;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Changes> under = threads.submit(() -> change(recording, victim));
      try {
        measurement = recording.run(rule, client);
        changes = under.get(EJECTED_WITHIN.toSeconds() * 2, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new ClusterFailure("cannot change the members: " + e.getCause());
      } catch (TimeoutException e) {
        throw new ClusterFailure("the change of the members came to no end");
      } finally {
        threads.shutdownNow();
      }
    }
    long retries = Math.round(retries() - retriesBefore);
    cluster.restart(victim);
    return new Changing(
        measurement.requests(), measurement.errors(), measurement.throughputPerSecond(), measurement.latencyMillis(),
        victim.name(), spare.name(), changes.ejectedAfterMillis(), recording.firstAnswer(spare, changes.joined()),
        retries, measurement.requests() == 0 ? 0 : 100.0 * retries / measurement.requests());
  }

  /** Kills after a quarter of the time, and lets the other join after a half. */
  private Changes change(Recording recording, Node victim) throws ClusterFailure, InterruptedException {
    Thread.sleep(each.dividedBy(4));
    long killed = System.nanoTime();
    cluster.kill(victim);
    Double ejected = null;
    while (ejected == null && System.nanoTime() - killed < EJECTED_WITHIN.toNanos()) {
      if (isOut(victim)) {
        ejected = (System.nanoTime() - killed) / 1e6;
      } else {
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
    Thread.sleep(Math.max(0, each.toMillis() / 2 - recording.now() / 1_000_000));
    long joined = recording.now();
    cluster.join();
    return new Changes(ejected, joined);
  }

  private boolean isOut(Node node) {
    String label = "node=\"" + node.name() + '"';
    return cluster.metrics().filter(text -> PrometheusText.sum(text, METRIC + "node_available", label) == 0)
        .isPresent();
  }

  private double retries() {
    return cluster.metrics().map(text -> PrometheusText.sum(text, METRIC + "retries_total")).orElse(0.0);
  }

  private LoadPlan plan(Duration warmUp) {
    return new LoadPlan(
        ratePerSecond, warmUp, each, CLIENTS, seed, DEADLINE, OperationMix.READ_ONLY, Integer.MAX_VALUE);
  }

  /** When the killed node was out, and the time of the run at which the list changed. */
  private record Changes(@Nullable Double ejectedAfterMillis, long joined) {}

  /** One load from start to end, and what became of each request. */
  private final class Recording {
    private final LoadPlan plan;
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final long began = System.nanoTime();

    Recording(LoadPlan plan) {
      this.plan = plan;
    }

    /** Nanoseconds since it began; the clock of its operations. */
    long now() {
      return System.nanoTime() - began;
    }

    Measurement run(String rule, SimulatedHttpClient client) throws InterruptedException {
      try (OpenLoop load = new OpenLoop(plan, client, this::now, Clock.systemUTC(), operations::add)) {
        OpenLoop.Measured span = load.run(() -> true, Duration.ZERO);
        List<String> names = cluster.members().stream().map(Node::name).toList();
        return Measurement.of(
            new History(rule, null, seed, names, List.copyOf(operations), List.of()), span, INTERVAL_MILLIS);
      }
    }

    List<Operation> measured() {
      return operations.stream().filter(operation -> operation.scheduled() >= plan.warmUp().toNanos()).toList();
    }

    /** How long after a time a node answered first, in milliseconds. */
    @Nullable
    Double firstAnswer(Node node, long from) {
      return operations.stream()
          .filter(operation -> node.name().equals(operation.servedBy()) && operation.completed() >= from)
          .map(operation -> (operation.completed() - from) / 1e6).min(Double::compare).orElse(null);
    }
  }
}
