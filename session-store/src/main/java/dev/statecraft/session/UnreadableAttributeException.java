package dev.statecraft.session;

import org.jspecify.annotations.Nullable;

/** Stored bytes that are damaged, or that name a type which must not be instantiated. */
public final class UnreadableAttributeException extends RuntimeException {
  public UnreadableAttributeException(@Nullable Throwable cause) {
    super("A stored session attribute is unreadable or of a type that is not allowed", cause);
  }
}
