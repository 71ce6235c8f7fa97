package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.ClusterPlan;
import dev.statecraft.lab.environment.local.LocalCluster;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A local cluster for manual use that runs until this process ends. */
public final class DemoCluster {
  private DemoCluster() {}

  /** Starts the cluster, prints its addresses and waits for Ctrl-C; the default for logs is in the build directory. */
  public static void run(List<String> strategies, int nodes, String reads, @Nullable Path logs, PrintWriter out,
      Progress progress) throws ClusterFailure, InterruptedException {
    List<SessionStrategy> chosen = StrategyNames.parse(strategies);
    StrategyNames.checkNodes(nodes, chosen);
    StrategyNames.checkReads(reads);
    Path directory = logs == null
        ? Installation.ofThisProcess().prepared().resolve("up-logs")
        : OutputDirectory.create(logs);
    LocalServices services = LocalServices.trained(chosen, true, progress);
    progress.status("starting " + (chosen.size() * nodes + 3) + " processes");
    ClusterPlan plan = new ClusterPlan(chosen, nodes, reads, true, directory);
    try (LocalCluster cluster = LocalCluster.start(plan, services.java(), services.launches())) {
      progress.clear();
      print(cluster, chosen.getFirst(), directory, out);
      // Ctrl-C ends this process; the cluster's shutdown hook stops its processes.
      new CountDownLatch(1).await();
    }
  }

  private static void print(LocalCluster cluster, SessionStrategy first, Path logs, PrintWriter out) {
    out.println("Gateway  " + cluster.gateway().uri());
    cluster.routes().forEach((id, members) -> {
      out.println();
      out.println("  " + cluster.gateway().uri().resolve("/" + id + "/"));
      members.forEach(node -> out.println("    " + node.name() + "  " + node.uri()));
    });
    out.println();
    out.println("Try: curl -si -H 'Content-Type: application/json' -d '{\"user\": \"ada\"}' " + cluster.prefix(first)
        + "/session");
    out.println("Logs: " + logs);
    out.println("Press Ctrl-C to stop.");
    out.flush();
  }
}
