package dev.statecraft.session.attribute;

import org.jspecify.annotations.Nullable;

/**
 * The value of one attribute. If another version of the application wrote it with fields that this version does not
 * know, it also holds the bytes with these fields, so that the next write keeps them. Immutable if its value is.
 */
public final class StoredAttribute {
  private final Object value;
  private final byte @Nullable [] original;
  /** The value as it was encoded when it was set; null if it may have changed since. */
  private volatile byte @Nullable [] encoded;

  StoredAttribute(Object value, byte @Nullable [] original) {
    this(value, original, null);
  }

  StoredAttribute(Object value, byte @Nullable [] original, byte @Nullable [] encoded) {
    this.value = value;
    this.original = original;
    this.encoded = encoded;
  }

  public Object value() {
    return value;
  }

  /** Returns the bytes with unknown fields; null if there are none. Must not be modified. */
  byte @Nullable [] original() {
    return original;
  }

  /** Returns the encoded value if it is known; null otherwise. Must not be modified. */
  byte @Nullable [] encoded() {
    return encoded;
  }

  /** Drops the encoded value, which only the request that set it needs, and returns this. */
  public StoredAttribute withoutEncoding() {
    encoded = null;
    return this;
  }
}
