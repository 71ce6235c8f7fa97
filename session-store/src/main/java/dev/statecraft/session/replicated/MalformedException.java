package dev.statecraft.session.replicated;

/** Bytes that no version of this code wrote, or that were damaged since. */
final class MalformedException extends RuntimeException {
  MalformedException(String message) {
    super(message);
  }
}
