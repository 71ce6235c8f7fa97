package dev.statecraft.lab.environment;

/** The cluster or one of its parts failed. The message names the part and, for a process, shows the end of its log. */
public final class ClusterFailure extends Exception {
  private static final long serialVersionUID = 1L;

  public ClusterFailure(String message) {
    super(message);
  }

  public ClusterFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
