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

/** Follows the lab's pod from here: repeats what it says, fetches what it found, ends as it ended. */
public final class InClusterRun {
  /** In which the results wait to be fetched. */
  public static final Duration FETCH_TIMEOUT = Duration.ofMinutes(10);
  /** What a JVM says of the options in its environment. */
  private static final String JVM_NOTE = "NOTE: Picked up JDK_JAVA_OPTIONS";
  /** A pod waits for the scheduler and for its image. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
  /** A busy API server may not answer for a while. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(1);

  private final InClusterLab lab;
  private final Progress progress;
  private final Path out;
  private final Duration poll;
  private long answered = System.nanoTime();
  private int repeated;
  private boolean seen;
  private boolean fetched;

  public InClusterRun(InClusterLab lab, Progress progress, Path out, Duration poll) {
    this.lab = lab;
    this.progress = progress;
    this.out = out;
    this.poll = poll;
  }

  /** How long the pod of a comparison may take at most. */
  static Duration timeout(ComparePlan plan) {
    Duration ofOne = plan.warmUp().plus(plan.duration()).plus(StrategyRun.FAULT_TIMEOUT)
        .plus(ReleaseFaultTarget.RECOVERY_TIMEOUT.multipliedBy(Math.max(1, plan.faults().size())));
    return START_TIMEOUT.plus(ofOne.multipliedBy(plan.strategies().size())).plus(FETCH_TIMEOUT);
  }

  /**
   * Runs the lab to its end; what it found, if anything, then lies in the directory.
   *
   * @return its exit code
   */
  public int follow() throws ClusterFailure, IOException, InterruptedException {
    lab.start();
    long startedBy = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      Optional<State> state = ask(lab::state);
      if (state.isPresent()) {
        switch (state.get()) {
          case State.Waiting(String why, boolean permanent) -> {
            if (permanent || seen || System.nanoTime() > startedBy) {
              throw new ClusterFailure((seen ? "the lab's pod is gone: " : "the lab's pod does not start: ") + why);
            }
            progress.status("waiting for the lab's pod: " + why);
          }
          case State.Running _ -> {
            seen = true;
            if (ask(this::repeat).filter(log -> log.contains(ResultServer.READY)).isPresent() && !fetched) {
              fetched = ask(this::fetch).isPresent();
            }
          }
          case State.Ended(int exitCode, String why) -> {
            Optional<List<String>> _ = ask(this::repeat);
            return ended(exitCode, why);
          }
        }
      }
      Thread.sleep(poll);
    }
  }

  /** The whole log each time: it has some dozens of lines, and a connection that stays open for it might not. */
  private List<String> repeat() throws ClusterFailure {
    List<String> log = lab.log();
    for (String line : log.subList(Math.min(repeated, log.size()), log.size())) {
      if (line.startsWith(Progress.STATUS_PREFIX)) {
        progress.status(line.substring(Progress.STATUS_PREFIX.length()));
      } else if (!line.equals(ResultServer.READY) && !line.startsWith(JVM_NOTE)) {
        progress.println(line);
      }
    }
    repeated = Math.max(repeated, log.size());
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
      throw new ClusterFailure("the results did not arrive whole: " + e.getMessage());
    } finally {
      Files.delete(file);
    }
  }

  private int ended(int exitCode, String why) throws ClusterFailure {
    if (exitCode > ExitCode.LAB_FAILURE) {
      throw new ClusterFailure("the lab's pod ended with exit code " + exitCode + ": " + why);
    }
    if (exitCode <= ExitCode.VIOLATION && !fetched) {
      throw new ClusterFailure("the lab's pod ended before its results were fetched");
    }
    return exitCode;
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws ClusterFailure, IOException, InterruptedException;
  }

  /** The answer, or empty where there is none just now. */
  private <T> Optional<T> ask(Question<T> question) throws ClusterFailure, IOException, InterruptedException {
    try {
      T answer = question.ask();
      answered = System.nanoTime();
      return Optional.of(answer);
    } catch (ClusterFailure e) {
      if (System.nanoTime() - answered > ANSWER_TIMEOUT.toNanos()) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
