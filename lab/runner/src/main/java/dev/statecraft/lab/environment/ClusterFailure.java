package dev.statecraft.lab.environment;

/** The cluster cannot be started, or a part of it does not come up; the message says which and shows its last words. */
public final class ClusterFailure extends Exception {
  private static final long serialVersionUID = 1L;

  public ClusterFailure(String message) {
    super(message);
  }

  public ClusterFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
