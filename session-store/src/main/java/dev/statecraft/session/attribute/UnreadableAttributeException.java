package dev.statecraft.session.attribute;

import org.jspecify.annotations.Nullable;

/** Stored bytes are damaged, or name a type that is not allowed. */
public final class UnreadableAttributeException extends RuntimeException {
  public UnreadableAttributeException(@Nullable Throwable cause) {
    super(
        "A stored session attribute is damaged or of a type that is not in statecraft.session.attribute-types"
            + (cause == null ? "" : ": " + cause.getMessage()),
        cause);
  }
}
