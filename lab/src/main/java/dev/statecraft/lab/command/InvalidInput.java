package dev.statecraft.lab.command;

/** What the user gave cannot be worked with; the message is one line that says why. */
final class InvalidInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidInput(String message) {
    super(message);
  }
}
