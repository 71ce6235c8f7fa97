package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.PrometheusText;
import dev.statecraft.lab.environment.local.BalancedCluster;
import dev.statecraft.lab.environment.local.GreyFault;
import dev.statecraft.lab.environment.local.GreyNode;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Changing;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Grey;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Run;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Setup;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Share;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Steady;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.Measurement;
import dev.statecraft.lab.load.OpenLoop;
import dev.statecraft.lab.load.OperationMix;
import dev.statecraft.lab.load.WorkClient;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/** Measures the gateway's balancing rules, one after the other, with the same nodes. */
public final class BalancingExperiment {
  private static final int NODES = 4;
  private static final int WORK_MILLIS = 10;
  private static final int CLIENTS = 200;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration GREY_WARM_UP = Duration.ofSeconds(4);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration EJECTION_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final int INTERVAL_MILLIS = 250;
  private static final String METRIC = "statecraft_gateway_";

  private final BalancedCluster cluster;
  private final BalancingPlan plan;

  private BalancingExperiment(BalancedCluster cluster, BalancingPlan plan) {
    this.cluster = cluster;
    this.plan = plan;
  }

  /** Measures every rule of a plan and writes the logs to the results directory. */
  public static BalancingResults run(BalancingPlan plan, Path directory, Instant startedAt, Progress progress)
      throws ClusterFailure, InterruptedException {
    LocalServices services = LocalServices.trained(List.of(SessionStrategies.of("cookie")), true, progress);
    progress.status("starting " + (NODES + 1) + " nodes");
    try (BalancedCluster cluster = BalancedCluster.start(NODES, plan.slowdown(), directory.resolve("logs"),
        services.java(), services.launches())) {
      String slowNode = cluster.members().getFirst().name();
      BalancingExperiment experiment = new BalancingExperiment(cluster, plan);
      List<Run> runs = new ArrayList<>();
      for (String rule : plan.rules()) {
        String title = "[" + (runs.size() + 1) + "/" + plan.rules().size() + "] " + rule + ": ";
        progress.status(title + "measuring for " + 2 * plan.phase().toSeconds() + " s");
        Run run = experiment.run(rule);
        runs.add(run);
        progress.println(
            title + String.format(Locale.ROOT, "slow node got %.1f %% of requests, %d errors while nodes changed",
                run.steady().percent(slowNode), run.changing().errors()));
      }
      double seconds = plan.phase().toMillis() / 1e3;
      return new BalancingResults(BalancingResults.SCHEMA, startedAt, plan.command(), plan.seed(), Machine.describe(),
          new Setup(NODES, slowNode, plan.slowdown(), WORK_MILLIS, plan.ratePerSecond(), seconds, seconds), runs);
    }
  }

  /** Measures one rule, which has its own gateway, and restores the nodes. */
  private Run run(String rule) throws ClusterFailure, InterruptedException {
    try (WorkClient client = client(cluster.restartGateway(rule))) {
      Steady steady = steady(rule, client);
      Changing changing = changing(rule, client);
      List<Grey> grey = new ArrayList<>();
      for (GreyFault fault : plan.faults()) {
        grey.add(grey(rule, fault));
      }
      return new Run(rule, steady, changing, grey);
    }
  }

  private static WorkClient client(URI route) {
    return new WorkClient(URI.create(route + "/work?wait=" + WORK_MILLIS), CLIENTS, DEADLINE);
  }

  /** Measures a rule, with a gateway of its own, while one of four equal nodes fails. */
  private Grey grey(String rule, GreyFault fault) throws ClusterFailure, InterruptedException {
    try (GreyNode node = new GreyNode(WORK_MILLIS);
        WorkClient client = client(cluster.restartGateway(rule, node, plan.outlierEjection()))) {
      new Recording(load(Duration.ZERO, GREY_WARM_UP)).run(rule, client);
      double all = attempts("");
      double own = attempts(nodeLabel(GreyNode.NAME));
      Recording recording = new Recording(load(Duration.ZERO));
      node.inject(fault);
      Measurement measurement;
      Double ejected;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<@Nullable Double> pending = threads
            .submit(() -> ejectedAfterMillis(GreyNode.NAME, System.nanoTime(), plan.phase()));
        measurement = recording.run(rule, client);
        ejected = pending.get(EJECTION_TIMEOUT.toSeconds() * 2, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new ClusterFailure("cannot read the gateway's metrics: " + e.getMessage());
      }
      double attempts = attempts("") - all;
      return new Grey(fault.label(), plan.outlierEjection(), measurement.requests(), measurement.errors(),
          measurement.throughputPerSecond(), measurement.latencyMillis(),
          attempts == 0 ? 0 : 100 * (attempts(nodeLabel(GreyNode.NAME)) - own) / attempts, ejected);
    } catch (IOException e) {
      throw new ClusterFailure("cannot start the grey node: " + e.getMessage(), e);
    }
  }

  private Steady steady(String rule, WorkClient client) throws InterruptedException {
    Recording recording = new Recording(load(WARM_UP));
    Measurement measurement = recording.run(rule, client);
    return new Steady(measurement.requests(), measurement.errors(), measurement.throughputPerSecond(),
        measurement.latencyMillis(), shares(recording.measured()));
  }

  private List<Share> shares(List<Operation> operations) {
    List<Operation> good = operations.stream().filter(operation -> operation.outcome() instanceof Outcome.Ok).toList();
    return cluster.members().stream().map(node -> {
      long answers = good.stream().filter(operation -> node.name().equals(operation.servedBy())).count();
      return new Share(node.name(), answers, good.isEmpty() ? 0 : 100.0 * answers / good.size());
    }).toList();
  }

  private Changing changing(String rule, WorkClient client) throws ClusterFailure, InterruptedException {
    Node target = cluster.members().getLast();
    Node spare = cluster.spare();
    Recording recording = new Recording(load(Duration.ZERO));
    double retriesBefore = retries();
    Changes changes;
    Measurement measurement;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Changes> pending = threads.submit(() -> change(recording, target));
      try {
        measurement = recording.run(rule, client);
        changes = pending.get(EJECTION_TIMEOUT.toSeconds() * 2, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new ClusterFailure("cannot change the nodes: " + e.getCause());
      } catch (TimeoutException e) {
        throw new ClusterFailure("changing the nodes took longer than " + EJECTION_TIMEOUT.toSeconds() * 2 + " s");
      } finally {
        threads.shutdownNow();
      }
    }
    long retries = Math.round(retries() - retriesBefore);
    cluster.restart(target);
    return new Changing(measurement.requests(), measurement.errors(), measurement.throughputPerSecond(),
        measurement.latencyMillis(), target.name(), spare.name(), changes.ejectedAfterMillis(),
        recording.firstAnswer(spare, changes.joined()), retries,
        measurement.requests() == 0 ? 0 : 100.0 * retries / measurement.requests());
  }

  /** Kills a node after a quarter of the time and adds the spare node after half of it. */
  private Changes change(Recording recording, Node target) throws ClusterFailure, InterruptedException {
    Thread.sleep(plan.phase().dividedBy(4));
    long killed = System.nanoTime();
    target.kill();
    Double ejected = ejectedAfterMillis(target.name(), killed, EJECTION_TIMEOUT);
    Thread.sleep(Math.max(0, plan.phase().toMillis() / 2 - recording.now() / 1_000_000));
    long joined = recording.now();
    cluster.addSpare();
    return new Changes(ejected, joined);
  }

  /** Waits until the gateway ejects a node; null if it does not in time. */
  private @Nullable Double ejectedAfterMillis(String node, long since, Duration limit) {
    String label = nodeLabel(node);
    while (System.nanoTime() - since < limit.toNanos()) {
      if (cluster.metrics().filter(text -> PrometheusText.sum(text, METRIC + "node_available", label) == 0)
          .isPresent()) {
        return (System.nanoTime() - since) / 1e6;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    return null;
  }

  private static String nodeLabel(String node) {
    return "node=\"" + node + '"';
  }

  private double attempts(String label) {
    return cluster.metrics().map(text -> PrometheusText.sum(text, METRIC + "attempts_seconds_count", label))
        .orElse(0.0);
  }

  private double retries() {
    return cluster.metrics().map(text -> PrometheusText.sum(text, METRIC + "retries_total")).orElse(0.0);
  }

  private LoadPlan load(Duration warmUp) {
    return load(warmUp, plan.phase());
  }

  private LoadPlan load(Duration warmUp, Duration duration) {
    return new LoadPlan(plan.ratePerSecond(), warmUp, duration, CLIENTS, plan.seed(), DEADLINE,
        OperationMix.READ_ONLY, Integer.MAX_VALUE);
  }

  /** When the killed node was ejected, and when the spare node was added, in nanoseconds of the run. */
  private record Changes(@Nullable Double ejectedAfterMillis, long joined) {}

  /** Runs one load and records its operations. */
  private final class Recording {
    private final LoadPlan load;
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final long began = System.nanoTime();

    Recording(LoadPlan load) {
      this.load = load;
    }

    /** Nanoseconds since the load started; the clock of its operations. */
    long now() {
      return System.nanoTime() - began;
    }

    Measurement run(String rule, WorkClient client) throws InterruptedException {
      try (OpenLoop loop = new OpenLoop(load, client, this::now, Clock.systemUTC(), operations::add)) {
        OpenLoop.Measured span = loop.run(() -> true, Duration.ZERO);
        List<String> names = cluster.members().stream().map(Node::name).toList();
        return Measurement.of(new History(rule, null, plan.seed(), names, List.copyOf(operations), List.of()), span,
            INTERVAL_MILLIS);
      }
    }

    List<Operation> measured() {
      return operations.stream().filter(operation -> operation.scheduled() >= load.warmUp().toNanos()).toList();
    }

    /** The time from {@code from} to a node's next answer, in milliseconds. */
    @Nullable
    Double firstAnswer(Node node, long from) {
      return operations.stream()
          .filter(operation -> node.name().equals(operation.servedBy()) && operation.completed() >= from)
          .map(operation -> (operation.completed() - from) / 1e6).min(Double::compare).orElse(null);
    }
  }
}
