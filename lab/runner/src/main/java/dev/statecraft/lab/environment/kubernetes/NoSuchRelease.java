package dev.statecraft.lab.environment.kubernetes;

/** The context, the cluster or the release that the user named was not found; the message is one line. */
public final class NoSuchRelease extends Exception {
  NoSuchRelease(String message) {
    super(message);
  }
}
