package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.ClusterPlan;
import dev.statecraft.lab.environment.local.LocalCluster;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.experiment.TrainingWorkload;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code statecraft up}: a cluster to play with. */
@Command(name = "up", description = "Starts a local cluster in the foreground and prints its URLs; Ctrl-C ends it.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  @Option(names = "--strategies", split = ",", paramLabel = "NAME",
      description = "Session strategies, each with nodes of its own: affinity, redis, replicated, cookie. All of them.")
  private List<String> strategies = List.of();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Stateful nodes of each strategy: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--reads", paramLabel = "GUARANTEE",
      description = "What replicated promises of reads: linearizable, session or local. Session.")
  private String reads = "session";

  @Option(names = "--logs", paramLabel = "DIR",
      description = "Where each process's output goes: a directory beside the build by default.")
  private String logs = "";

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  UpCommand() {}

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    List<SessionStrategy> chosen = StrategyNames.parse(strategies);
    StrategyNames.checkNodes(nodes, chosen);
    StrategyNames.checkReads(reads);
    Progress progress = Progress.on(spec.commandLine().getErr());
    Installation installation = Installation.ofThisProcess();
    Path kept = logs.isEmpty() ? installation.prepared().resolve("up-logs") : OutputDirectory.create(Path.of(logs));
    LaunchPreparation preparation = new LaunchPreparation(installation);
    TrainingWorkload.prepare(preparation, installation, chosen, true, progress);
    int processes = chosen.size() * nodes + 3;
    progress.status("starting " + processes + " processes");
    ClusterPlan plan = new ClusterPlan(chosen, nodes, reads, true, kept);
    try (LocalCluster cluster = LocalCluster.start(plan, installation.java(), preparation)) {
      progress.clear();
      print(cluster, kept);
      // Ctrl-C ends this process; the cluster's shutdown hook ends the rest.
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private void print(LocalCluster cluster, Path kept) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Gateway  " + cluster.gateway().uri());
    cluster.routes().forEach((id, members) -> {
      out.println();
      out.println("  " + cluster.gateway().uri().resolve("/" + id + "/"));
      members.forEach(node -> out.println("    " + node.name() + "  " + node.uri()));
    });
    out.println();
    out.println("Try: curl -si " + tryOut(cluster));
    out.println("Logs: " + kept);
    out.println("Ctrl-C ends it.");
    out.flush();
  }

  private static String tryOut(LocalCluster cluster) {
    return cluster.routes().keySet().stream().filter(id -> SessionStrategy.named(id).isPresent()).findFirst()
        .map(id -> "-H 'Content-Type: application/json' -d '{\"user\": \"ada\"}' " + cluster.gateway().uri()
            .resolve("/" + id + "/session"))
        .orElseThrow();
  }
}
