package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.console.DurationText;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.experiment.TrainingWorkload;
import dev.statecraft.lab.experiment.reads.ReadCost.Cost;
import dev.statecraft.lab.experiment.reads.ReadCost;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code statecraft compare reads}: what a read costs the nodes of {@code replicated} among each other. */
@Command(name = "reads",
    description = "Shows what reading costs replicated: the traffic between its nodes, idle and under a load of reads.",
    mixinStandardHelpOptions = true)
final class ReadsCommand implements Callable<Integer> {
  private static final double HIGHEST_RATE = 50_000;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "300",
      description = "Reads offered in each second: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "10s",
      description = "How long to be idle, and then to read: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  ReadsCommand() {}

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    if (!(rate > 0) || rate > HIGHEST_RATE) {
      throw new InvalidInput("--rate " + rate + ": more than 0, and at most " + HIGHEST_RATE);
    }
    ReadCost cost = new ReadCost(rate, DurationText.parse("--duration", duration));
    Progress progress = Progress.on(spec.commandLine().getErr());
    Installation installation = Installation.ofThisProcess();
    LaunchPreparation preparation = new LaunchPreparation(installation);
    TrainingWorkload.prepare(preparation, installation, List.of(SessionStrategy.REPLICATED), false, progress);
    List<Cost> costs = new ArrayList<>();
    for (String reads : StrategyNames.READS.reversed()) {
      progress.status("replicated with reads=" + reads);
      costs.add(cost.measure(reads, installation, preparation));
    }
    progress.clear();
    print(costs);
    return 0;
  }

  private void print(List<Cost> costs) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("What three nodes of replicated send each other, idle and under a load of nothing but reads.");
    out.println();
    out.printf(
        Locale.ROOT, "%-14s %10s %12s %14s %14s %14s %12s%n", "", "answered", "idle", "reading", "messages for",
        "payload bytes", "log entries");
    out.printf(
        Locale.ROOT, "%-14s %10s %12s %14s %14s %14s %12s%n", "reads=", "reads/s", "messages/s", "messages/s",
        "each read", "for each read", "for reads");
    for (Cost cost : costs) {
      out.printf(
          Locale.ROOT, "%-14s %10.1f %12.1f %14.1f %14.3f %14.1f %12d%n", cost.reads(), cost.readsPerSecond(),
          cost.idle().messagesPerSecond(), cost.reading().messagesPerSecond(), cost.messagesForEachRead(),
          cost.bytesForEachRead(), cost.reading().entries());
    }
    out.flush();
  }
}
