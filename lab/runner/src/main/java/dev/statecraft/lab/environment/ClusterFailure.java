package dev.statecraft.lab.environment;

import java.io.IOException;

/** The cluster or one of its parts failed. The message names the part and, for a process, shows the end of its log. */
public final class ClusterFailure extends Exception {
  public ClusterFailure(String message) {
    super(message);
  }

  public ClusterFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** Runs an action, and reports an I/O error as a failure of its purpose, such as "change the node list". */
  public static <X extends Exception> void orFail(String purpose, IoAction<X> action) throws ClusterFailure, X {
    try {
      action.run();
    } catch (IOException e) {
      throw new ClusterFailure("cannot " + purpose + ": " + e.getMessage(), e);
    }
  }

  /** An action that can fail with an I/O error or another checked exception. */
  @FunctionalInterface
  public interface IoAction<X extends Exception> {
    void run() throws IOException, X;
  }
}
