package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.environment.ClusterFailure;
import java.nio.file.Path;
import java.util.List;

/**
 * The lab as a pod in the namespace of the release. Calls throw {@link ClusterFailure} if the API does not answer.
 * Closing the release deletes all objects.
 */
public interface InClusterLab {
  /** The objects that {@link #start} creates, for the user. */
  String description();

  /** Creates the objects and starts the pod. */
  void start() throws ClusterFailure;

  State state() throws ClusterFailure;

  /** The lines of its log so far. */
  List<String> log() throws ClusterFailure;

  /** Downloads its results to a file. */
  void fetch(Path file) throws ClusterFailure, InterruptedException;

  /** Confirms the download, so that the pod exits. */
  void finish() throws ClusterFailure, InterruptedException;

  /** The state of the pod. */
  sealed interface State {
    /** Not running yet; if {@code permanent}, the pod cannot start without a change. */
    record Waiting(String reason, boolean permanent) implements State {}

    record Running() implements State {}

    record Ended(int exitCode, String reason) implements State {}
  }
}
