package dev.statecraft.lab.environment.kubernetes;

/** What the user named is not there: the context, the cluster, the namespace's release; the message is one line. */
public final class NoSuchRelease extends Exception {
  private static final long serialVersionUID = 1L;

  NoSuchRelease(String message) {
    super(message);
  }
}
