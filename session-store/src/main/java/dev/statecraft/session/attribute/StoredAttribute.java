package dev.statecraft.session.attribute;

import org.jspecify.annotations.Nullable;

/**
 * The value of one attribute. If another version of the application wrote it with fields that this version does not
 * know, it also holds the bytes with these fields, so that the next write keeps them. Immutable if its value is.
 */
public final class StoredAttribute {
  private final Object value;
  private final byte @Nullable [] original;

  StoredAttribute(Object value, byte @Nullable [] original) {
    this.value = value;
    this.original = original;
  }

  public Object value() {
    return value;
  }

  /** Returns the bytes with unknown fields; null if there are none. Must not be modified. */
  byte @Nullable [] original() {
    return original;
  }
}
