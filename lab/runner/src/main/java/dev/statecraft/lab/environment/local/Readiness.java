package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.local.process.Node;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions of local processes by polling. */
final class Readiness {
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private Readiness() {}

  /** Waits until the readiness probe of a service succeeds. */
  static void await(Node node) throws ClusterFailure, InterruptedException {
    await(node, () -> Probe.get(node.uri().resolve("/actuator/health/readiness")).isPresent());
  }

  /** Waits until a process is ready; fails at once when it exits. */
  static void await(Node node, BooleanSupplier ready) throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
    while (!ready.getAsBoolean()) {
      String problem = !node.isAlive()
          ? " exited before it was ready"
          : System.nanoTime() > deadline ? " was not ready within " + READY_TIMEOUT.toSeconds() + " s" : null;
      if (problem != null) {
        throw new ClusterFailure(
            node.name() + problem + "; the end of its log (" + node.log() + "):\n  " + node.logTail());
      }
      Thread.sleep(POLL_INTERVAL);
    }
  }

  /** Waits until a condition holds; fails after the timeout with {@code problem}, such as "a did not start". */
  static void await(Duration timeout, Supplier<String> problem, BooleanSupplier condition)
      throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new ClusterFailure(problem.get() + " within " + timeout.toSeconds() + " s");
      }
      Thread.sleep(POLL_INTERVAL);
    }
  }
}
