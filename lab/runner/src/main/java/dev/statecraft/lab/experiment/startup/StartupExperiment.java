package dev.statecraft.lab.experiment.startup;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.local.NodeProperties;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.SplittableRandom;

/** Measures how long the stateful service takes from the start of its process to its first ready answer. */
public final class StartupExperiment {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 5;

  private StartupExperiment() {}

  /**
   * Starts it once, alone, with the strategy that needs nothing else, and kills it when it is ready.
   *
   * @return milliseconds
   */
  public static double millisToReady(Launch launch, Path java) throws ClusterFailure, InterruptedException {
    try (ProcessGroup household = new ProcessGroup()) {
      Path directory = household.work().path();
      int port = new Ports(new SplittableRandom()).next();
      Path file = directory.resolve("node.properties");
      NodeProperties properties = new NodeProperties(new SecureRandom());
      NodeProperties.write(file, properties.stateful("affinity-1", port, SessionStrategy.AFFINITY));
      Path log = Files.createFile(directory.resolve("start.log"));
      Node node = new Node("affinity-1", port, launch.command(java, file), directory, log, household.processes());
      return millisToReady(node);
    } catch (IOException e) {
      throw new ClusterFailure("cannot prepare the trial: " + e.getMessage(), e);
    }
  }

  private static double millisToReady(Node node) throws ClusterFailure, InterruptedException {
    long began = System.nanoTime();
    node.start();
    while (Probe.get(node.uri().resolve("/actuator/health/readiness")).isEmpty()) {
      if (!node.isAlive() || System.nanoTime() - began > DEADLINE.toNanos()) {
        throw new ClusterFailure("the service did not start; its last words:\n  " + node.lastWords());
      }
      Thread.sleep(POLL_MILLIS);
    }
    return (System.nanoTime() - began) / 1e6;
  }
}
