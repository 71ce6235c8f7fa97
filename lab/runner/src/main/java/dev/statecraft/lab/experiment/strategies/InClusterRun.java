package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.InClusterLab;
import dev.statecraft.lab.environment.kubernetes.InClusterLab.State;
import dev.statecraft.lab.environment.kubernetes.ReleaseFaultTarget;
import dev.statecraft.lab.report.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs the lab in a pod: relays its log, fetches its results and returns its exit code. For one thread. */
public final class InClusterRun {
  /** How long the pod waits for its results to be fetched. */
  public static final Duration FETCH_TIMEOUT = Duration.ofMinutes(10);
  /** Start of the line that a JVM prints about options from its environment. */
  private static final String JVM_NOTE = "NOTE: Picked up JDK_JAVA_OPTIONS";
  /** Includes scheduling and pulling the image. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
  /** How long the API server may be unavailable. */
  private static final Duration API_TIMEOUT = Duration.ofMinutes(1);

  private final InClusterLab lab;
  private final Progress progress;
  private final Path out;
  private final Duration poll;
  private long lastAnswerNanos = System.nanoTime();
  private int relayedLines;
  private boolean started;
  private boolean fetched;

  public InClusterRun(InClusterLab lab, Progress progress, Path out, Duration poll) {
    this.lab = lab;
    this.progress = progress;
    this.out = out;
    this.poll = poll;
  }

  /** The maximum run time of the pod of a comparison. */
  static Duration timeout(ComparePlan plan) {
    Duration perStrategy = plan.warmUp().plus(plan.duration())
        .plus(plan.round().plus(StartedRun.LEAD_IN).multipliedBy(plan.repeat())).plus(StrategyRun.FAULT_TIMEOUT)
        .plus(ReleaseFaultTarget.RECOVERY_TIMEOUT.multipliedBy(Math.max(1, plan.faults().size())));
    return START_TIMEOUT.plus(perStrategy.multipliedBy(plan.strategies().size())).plus(FETCH_TIMEOUT);
  }

  /** Runs the lab to its end, stores its results, if any, and returns its exit code. */
  public int follow() throws ClusterFailure, IOException, InterruptedException {
    lab.start();
    long startDeadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      Optional<State> state = attempt(lab::state);
      if (state.isPresent()) {
        switch (state.get()) {
          case State.Waiting(String why, boolean permanent) -> {
            if (permanent || started || System.nanoTime() > startDeadline) {
              throw new ClusterFailure(
                  (started ? "the lab's pod disappeared: " : "the lab's pod does not start: ") + why);
            }
            progress.status("waiting for the lab's pod: " + why);
          }
          case State.Running _ -> {
            started = true;
            if (attempt(this::relayLog).filter(log -> log.contains(ResultServer.READY)).isPresent() && !fetched) {
              fetched = attempt(this::fetch).isPresent();
            }
          }
          case State.Ended(int exitCode, String why) -> {
            Optional<List<String>> _ = attempt(this::relayLog);
            return exitCode(exitCode, why);
          }
        }
      }
      Thread.sleep(poll);
    }
  }

  /** Relays the new lines of the log. It reads the short log as a whole each time, because a stream might break. */
  private List<String> relayLog() throws ClusterFailure {
    List<String> log = lab.log();
    for (String line : log.subList(Math.min(relayedLines, log.size()), log.size())) {
      if (line.startsWith(Progress.STATUS_PREFIX)) {
        progress.status(line.substring(Progress.STATUS_PREFIX.length()));
      } else if (!line.equals(ResultServer.READY) && !line.startsWith(JVM_NOTE)) {
        progress.println(line);
      }
    }
    relayedLines = Math.max(relayedLines, log.size());
    return log;
  }

  private Path fetch() throws ClusterFailure, IOException, InterruptedException {
    progress.status("fetching the results");
    Path file = Files.createTempFile(out, ".statecraft-", ".zip");
    try {
      lab.fetch(file);
      Bundle.restore(file, out);
      lab.finish();
      return out;
    } catch (InvalidInput e) {
      throw new ClusterFailure("the fetched results are damaged: " + e.getMessage());
    } finally {
      Files.delete(file);
    }
  }

  private int exitCode(int exitCode, String why) throws ClusterFailure {
    if (exitCode > ExitCode.LAB_FAILURE) {
      throw new ClusterFailure("the lab's pod ended with exit code " + exitCode + ": " + why);
    }
    if (exitCode <= ExitCode.VIOLATION && !fetched) {
      throw new ClusterFailure("the lab's pod ended before its results were fetched");
    }
    return exitCode;
  }

  @FunctionalInterface
  private interface ApiCall<T> {
    T execute() throws ClusterFailure, IOException, InterruptedException;
  }

  /** Calls the API server; empty if it does not answer, which is tolerated for {@link #API_TIMEOUT}. */
  private <T> Optional<T> attempt(ApiCall<T> call) throws ClusterFailure, IOException, InterruptedException {
    try {
      T result = call.execute();
      lastAnswerNanos = System.nanoTime();
      return Optional.of(result);
    } catch (ClusterFailure e) {
      if (System.nanoTime() - lastAnswerNanos > API_TIMEOUT.toNanos()) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
