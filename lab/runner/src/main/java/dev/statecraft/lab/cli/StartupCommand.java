package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.experiment.TrainingWorkload;
import dev.statecraft.lab.experiment.startup.StartupExperiment;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code statecraft startup}: what the AOT cache is worth on this machine. */
@Command(name = "startup",
    description = "Measures how long the stateful service takes to start: plain, taken apart, with the AOT cache.",
    mixinStandardHelpOptions = true)
final class StartupCommand implements Callable<Integer> {
  private static final int MOST_ROUNDS = 100;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
      description = "Starts of each form: ${DEFAULT-VALUE}.")
  private int rounds;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  StartupCommand() {}

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      throw new InvalidInput("--rounds " + rounds + ": from 1 to " + MOST_ROUNDS);
    }
    Progress progress = Progress.on(spec.commandLine().getErr());
    Installation installation = Installation.ofThisProcess();
    LaunchPreparation preparation = new LaunchPreparation(installation);
    TrainingWorkload.prepare(preparation, installation, List.of(SessionStrategy.AFFINITY), false, progress);
    if (!preparation.isTrained(App.STATEFUL, SessionStrategy.AFFINITY.id())) {
      throw new ClusterFailure("there is no AOT cache to measure");
    }

    List<Form> forms = List.of(
        new Form("fat jar", preparation.fatJar(App.STATEFUL)),
        new Form("taken apart", preparation.extracted(App.STATEFUL)), new Form(
            "with the AOT cache", preparation.of(App.STATEFUL, SessionStrategy.AFFINITY.id(), "affinity-1")));
    // Alternating, so that a machine that is busy for a while is busy for each form.
    for (int round = 1; round <= rounds; round++) {
      for (Form form : forms) {
        progress.status("start-up: round " + round + " of " + rounds + ", " + form.name());
        form.millis().add(StartupExperiment.millisToReady(form.launch(), installation.java()));
      }
    }
    progress.clear();
    print(forms);
    return 0;
  }

  private void print(List<Form> forms) {
    PrintWriter out = spec.commandLine().getOut();
    double plain = forms.getFirst().median();
    out.printf(
        Locale.ROOT,
        "Start of the stateful service, from the process to its first ready answer; median of %d, alternating.%n%n",
        rounds);
    out.printf(Locale.ROOT, "%-20s %9s %9s  %s%n", "", "ms", "ratio", "java ...");
    forms.forEach(form -> out.printf(
        Locale.ROOT, "%-20s %9.0f %9.2f  %s%n", form.name(), form.median(), form.median() / plain,
        String.join(" ", form.launch().jvmArguments().stream().map(StartupCommand::brief).toList())));
    out.flush();
  }

  private static String brief(String argument) {
    int slash = argument.lastIndexOf('/');
    return argument.startsWith("-XX:AOTCache=") ? "-XX:AOTCache=" + argument.substring(slash + 1) : argument;
  }

  /** One way to start, and the milliseconds that it took each time. */
  private record Form(String name, Launch launch, List<Double> millis) {
    Form(String name, Launch launch) {
      this(name, launch, new ArrayList<>());
    }

    double median() {
      List<Double> sorted = millis.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
  }
}
