package dev.statecraft.lab.experiment.startup;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.local.NodeProperties;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import dev.statecraft.lab.environment.local.process.PropertiesFile;
import dev.statecraft.lab.experiment.LocalServices;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Measures how long the stateful service takes from the start of its process to its first ready answer. */
public final class StartupExperiment {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 5;
  private static final int MAX_ROUNDS = 100;

  private StartupExperiment() {}

  /** One way to start, and the milliseconds that it took each time. */
  record Form(String name, Launch launch, List<Double> millis) {
    Form(String name, Launch launch) {
      this(name, launch, new ArrayList<>());
    }

    double median() {
      List<Double> sorted = millis.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
  }

  /** Starts each form so many times, alternating, and prints the medians. */
  public static void run(int rounds, PrintWriter out, Progress progress) throws ClusterFailure, InterruptedException {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new InvalidInput("--rounds " + rounds + ": from 1 to " + MAX_ROUNDS);
    }
    LocalServices services = LocalServices.trained(List.of(SessionStrategy.AFFINITY), false, progress);
    LaunchPreparation launches = services.launches();
    if (!launches.isTrained(App.STATEFUL, SessionStrategy.AFFINITY.id())) {
      throw new ClusterFailure("there is no AOT cache to measure");
    }
    List<Form> forms = List.of(new Form("fat jar", launches.fatJar(App.STATEFUL)),
        new Form("taken apart", launches.extracted(App.STATEFUL)),
        new Form("with the AOT cache", launches.of(App.STATEFUL, SessionStrategy.AFFINITY.id(), "affinity-1")));
    // Alternating, so that a machine that is busy for a while is busy for each form.
    for (int round = 1; round <= rounds; round++) {
      for (Form form : forms) {
        progress.status("start-up: round " + round + " of " + rounds + ", " + form.name());
        form.millis().add(millisToReady(form.launch(), services.java()));
      }
    }
    progress.clear();
    print(forms, rounds, out);
  }

  private static void print(List<Form> forms, int rounds, PrintWriter out) {
    double plain = forms.getFirst().median();
    out.printf(Locale.ROOT,
        "Start of the stateful service, from the process to its first ready answer; median of %d, alternating.%n%n",
        rounds);
    out.printf(Locale.ROOT, "%-20s %9s %9s  %s%n", "", "ms", "ratio", "java ...");
    forms.forEach(form -> out.printf(
        Locale.ROOT, "%-20s %9.0f %9.2f  %s%n", form.name(), form.median(), form.median() / plain,
        String.join(" ", form.launch().jvmArguments().stream().map(StartupExperiment::brief).toList())));
    out.flush();
  }

  private static String brief(String argument) {
    int slash = argument.lastIndexOf('/');
    return argument.startsWith("-XX:AOTCache=") ? "-XX:AOTCache=" + argument.substring(slash + 1) : argument;
  }

  /**
   * Starts it once, alone, with the strategy that needs nothing else, and kills it when it is ready.
   *
   * @return milliseconds
   */
  private static double millisToReady(Launch launch, Path java) throws ClusterFailure, InterruptedException {
    try (ProcessGroup processes = new ProcessGroup()) {
      Path directory = processes.work().path();
      int port = new Ports(new SplittableRandom()).next();
      Path file = directory.resolve("node.properties");
      NodeProperties properties = new NodeProperties(new SecureRandom());
      PropertiesFile.write(file, properties.stateful("affinity-1", port, SessionStrategy.AFFINITY));
      Path log = Files.createFile(directory.resolve("start.log"));
      Node node = new Node("affinity-1", port, launch.command(java, file), directory, log, processes.processes());
      return millisToReady(node);
    } catch (IOException e) {
      throw new ClusterFailure("cannot prepare the start: " + e.getMessage(), e);
    }
  }

  private static double millisToReady(Node node) throws ClusterFailure, InterruptedException {
    long began = System.nanoTime();
    node.start();
    while (Probe.get(node.uri().resolve("/actuator/health/readiness")).isEmpty()) {
      if (!node.isAlive() || System.nanoTime() - began > DEADLINE.toNanos()) {
        throw new ClusterFailure("the service did not start; the end of its log:\n  " + node.logTail());
      }
      Thread.sleep(POLL_MILLIS);
    }
    return (System.nanoTime() - began) / 1e6;
  }
}
