package dev.statecraft.lab.environment.kubernetes;

/** The context, the cluster or the release that the user named was not found; the message is one line. */
public final class NoSuchRelease extends Exception {
  private static final long serialVersionUID = 1L;

  NoSuchRelease(String message) {
    super(message);
  }
}
