package dev.statecraft.lab.command;

/** What the user gave cannot be worked with; the message is one line that says why. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadInput(String message) {
    super(message);
  }
}
