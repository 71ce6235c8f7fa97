package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.environment.ClusterFailure;
import java.nio.file.Path;
import java.util.List;

/**
 * The lab in a pod beside the release that it measures. Calls throw {@link ClusterFailure} where the cluster does not
 * answer; what was made is removed when the release is closed.
 */
public interface InClusterLab {

  /** What will be made, in words for the user whose cluster it is. */
  String description();

  /** Makes all that it needs, and has it start. */
  void start() throws ClusterFailure;

  State state() throws ClusterFailure;

  /** All that it has said so far. */
  List<String> log() throws ClusterFailure;

  /** Copies what it hands over into a file. */
  void fetch(Path file) throws ClusterFailure, InterruptedException;

  /** Tells it that the copy is good, so that it ends. */
  void finish() throws ClusterFailure, InterruptedException;

  /** How far its pod is. */
  sealed interface State {
    /**
     * It does not run yet.
     *
     * @param permanent whether waiting longer would change nothing
     */
    record Waiting(String why, boolean permanent) implements State {}

    /** It runs, or did a moment ago. */
    record Running() implements State {}

    /** It has ended. */
    record Ended(int exitCode, String why) implements State {}
  }
}
