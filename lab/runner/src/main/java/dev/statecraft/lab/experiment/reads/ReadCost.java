package dev.statecraft.lab.experiment.reads;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.PrometheusText;
import dev.statecraft.lab.environment.local.ClusterPlan;
import dev.statecraft.lab.environment.local.LocalCluster;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.OpenLoop;
import dev.statecraft.lab.load.OperationMix;
import dev.statecraft.lab.load.SessionClient;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares the traffic of idle {@code replicated} nodes with that of nodes that serve only reads. */
public final class ReadCost {
  private static final String METRIC = "statecraft_session_replicated_";
  private static final int NODES = 3;
  private static final int SESSIONS = 30;
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final LoadPlan plan;

  /** Creates an experiment that idles for {@code phase}, then reads for the same time. */
  public ReadCost(double ratePerSecond, Duration phase) {
    plan = new LoadPlan(OptionText.rate(ratePerSecond), Duration.ZERO, phase, SESSIONS, 1, DEADLINE,
        OperationMix.READ_ONLY, 1);
  }

  /** Measures every read guarantee, weakest first, and prints the costs. */
  public void compare(PrintWriter out, Progress progress) throws ClusterFailure, InterruptedException {
    LocalServices services = LocalServices.trained(List.of(SessionStrategies.of("replicated")), false, progress);
    List<Cost> costs = new ArrayList<>();
    for (String reads : Reads.all().reversed()) {
      progress.status("replicated with reads=" + reads);
      costs.add(measure(reads, services));
    }
    progress.clear();
    print(costs, out);
  }

  private static void print(List<Cost> costs, PrintWriter out) {
    out.println("Traffic between three nodes of replicated, idle and under a load of reads only.");
    out.println();
    out.printf(Locale.ROOT, "%-14s %10s %12s %14s %14s %14s %12s%n", "", "answered", "idle", "reading", "messages",
        "payload bytes", "log entries");
    out.printf(Locale.ROOT, "%-14s %10s %12s %14s %14s %14s %12s%n", "reads=", "reads/s", "messages/s", "messages/s",
        "per read", "per read", "for reads");
    for (Cost cost : costs) {
      out.printf(Locale.ROOT, "%-14s %10.1f %12.1f %14.1f %14.3f %14.1f %12d%n", cost.reads, cost.readsPerSecond(),
          cost.idle.messagesPerSecond, cost.reading.messagesPerSecond, cost.messagesPerRead(), cost.bytesPerRead(),
          cost.reading.entries);
    }
    out.flush();
  }

  private Cost measure(String reads, LocalServices services) throws ClusterFailure, InterruptedException {
    ClusterPlan clusterPlan = new ClusterPlan(List.of(SessionStrategies.of("replicated")), NODES, reads, false,
        services.installation().prepared().resolve("reads-logs"));
    long began = System.nanoTime();
    try (LocalCluster cluster = LocalCluster.start(clusterPlan, services.java(), services.launches());
        SessionClient client = new SessionClient(cluster.prefix(SessionStrategies.of("replicated")), plan.sessions(),
            plan.deadline());
        OpenLoop load = new OpenLoop(plan, client, () -> System.nanoTime() - began, Clock.systemUTC(), _ -> {})) {
      load.run(() -> true, Duration.ZERO);
      Sample opened = Sample.of(cluster);
      Thread.sleep(plan.measured());
      Sample idled = Sample.of(cluster);
      long before = load.counters().good();
      load.run(() -> true, Duration.ZERO);
      Sample read = Sample.of(cluster);
      return new Cost(reads, load.counters().good() - before, opened.until(idled), idled.until(read));
    }
  }

  /** The summed counters of all nodes at one time. */
  private record Sample(long nanos, double messages, double bytes, double entries) {
    static Sample of(LocalCluster cluster) throws ClusterFailure {
      double messages = 0;
      double bytes = 0;
      double entries = 0;
      for (Node node : cluster.nodes(SessionStrategies.of("replicated"))) {
        String text = PrometheusText.fetch(node.uri())
            .orElseThrow(() -> new ClusterFailure(node.name() + " does not answer with its metrics"));
        messages += PrometheusText.sum(text, METRIC + "sent_messages_total");
        bytes += PrometheusText.sum(text, METRIC + "sent_bytes_total");
        entries = Math.max(entries, PrometheusText.sum(text, METRIC + "applied"));
      }
      return new Sample(System.nanoTime(), messages, bytes, entries);
    }

    Traffic until(Sample later) {
      double seconds = (later.nanos - nanos) / 1e9;
      return new Traffic(seconds, (later.messages - messages) / seconds, (later.bytes - bytes) / seconds,
          Math.round(later.entries - entries));
    }
  }

  /** What all nodes sent to each other in an interval, and how many entries the log grew. */
  private record Traffic(double seconds, double messagesPerSecond, double bytesPerSecond, long entries) {}

  /** The result for one read guarantee; only reads with a good answer count. */
  private record Cost(String reads, long answered, Traffic idle, Traffic reading) {
    double readsPerSecond() {
      return answered / reading.seconds();
    }

    /** Messages beyond those of idle nodes; noise may make it slightly negative. */
    double messagesPerRead() {
      return (reading.messagesPerSecond() - idle.messagesPerSecond()) / readsPerSecond();
    }

    double bytesPerRead() {
      return (reading.bytesPerSecond() - idle.bytesPerSecond()) / readsPerSecond();
    }
  }
}
