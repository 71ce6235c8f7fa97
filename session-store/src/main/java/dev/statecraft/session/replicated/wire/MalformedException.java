package dev.statecraft.session.replicated.wire;

/** Bytes that are damaged, or that this version of the code does not know. */
public final class MalformedException extends RuntimeException {
  public MalformedException(String message) {
    super(message);
  }
}
