package dev.statecraft.lab.experiment.startup;

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
import dev.statecraft.lab.strategy.SessionStrategies;
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

/** Measures the time from the start of the stateful service's process to its first positive readiness answer. */
public final class StartupExperiment {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 5;
  private static final int MAX_ROUNDS = 100;

  private StartupExperiment() {}

  /** One way to start the service, and the time of each start in milliseconds. */
  record Variant(String name, Launch launch, List<Double> millis) {
    Variant(String name, Launch launch) {
      this(name, launch, new ArrayList<>());
    }

    double median() {
      List<Double> sorted = millis.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
  }

  /** Starts the service in each way {@code rounds} times, alternating, and prints the medians. */
  public static void run(int rounds, PrintWriter out, Progress progress) throws ClusterFailure, InterruptedException {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new InvalidInput("--rounds " + rounds + ": must be from 1 to " + MAX_ROUNDS);
    }
    LocalServices services = LocalServices.trained(List.of(SessionStrategies.of("affinity")), false, progress);
    LaunchPreparation launches = services.launches();
    if (!launches.isTrained(App.STATEFUL, "affinity")) {
      throw new ClusterFailure("no AOT cache could be trained, so there is nothing to measure");
    }
    List<Variant> variants = List.of(new Variant("fat jar", launches.fatJar(App.STATEFUL)),
        new Variant("extracted jar", launches.extracted(App.STATEFUL)),
        new Variant("AOT cache", launches.of(App.STATEFUL, "affinity", "affinity-1")));
    // Alternating, so that other load on the machine affects all variants equally.
    for (int round = 1; round <= rounds; round++) {
      for (Variant variant : variants) {
        progress.status("startup: round " + round + " of " + rounds + ", " + variant.name());
        variant.millis().add(millisToReady(variant.launch(), services.java()));
      }
    }
    progress.clear();
    print(variants, rounds, out);
  }

  private static void print(List<Variant> variants, int rounds, PrintWriter out) {
    double fatJar = variants.getFirst().median();
    out.printf(Locale.ROOT,
        "Startup of the stateful service, from process start to readiness; median of %d starts, alternating.%n%n",
        rounds);
    out.printf(Locale.ROOT, "%-20s %9s %9s  %s%n", "", "ms", "ratio", "java ...");
    variants.forEach(variant -> out.printf(Locale.ROOT, "%-20s %9.0f %9.2f  %s%n", variant.name(), variant.median(),
        variant.median() / fatJar,
        String.join(" ", variant.launch().jvmArguments().stream().map(StartupExperiment::withoutDirectory).toList())));
    out.flush();
  }

  private static String withoutDirectory(String argument) {
    int slash = argument.lastIndexOf('/');
    return argument.startsWith("-XX:AOTCache=") ? "-XX:AOTCache=" + argument.substring(slash + 1) : argument;
  }

  /** Starts one node with {@code affinity}, which needs no other process, until it is ready. */
  private static double millisToReady(Launch launch, Path java) throws ClusterFailure, InterruptedException {
    try (ProcessGroup processes = new ProcessGroup()) {
      Path directory = processes.work().path();
      int port = new Ports(new SplittableRandom()).next();
      Path file = directory.resolve("node.properties");
      NodeProperties properties = new NodeProperties(new SecureRandom());
      PropertiesFile.write(file, properties.stateful("affinity-1", port, SessionStrategies.of("affinity")));
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
      if (!node.isAlive() || System.nanoTime() - began > START_TIMEOUT.toNanos()) {
        throw new ClusterFailure("the service did not become ready within " + START_TIMEOUT.toSeconds()
            + " s; last log lines:\n  " + node.logTail());
      }
      Thread.sleep(POLL_MILLIS);
    }
    return (System.nanoTime() - began) / 1e6;
  }
}
