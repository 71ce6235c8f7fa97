package dev.statecraft.lab.console;

/** The user's input is invalid; the message is one line that says why. */
public final class InvalidInput extends RuntimeException {
  public InvalidInput(String message) {
    super(message);
  }
}
