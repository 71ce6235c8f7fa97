package dev.statecraft.session.replicated;

import java.util.Arrays;

/** The bytes of one attribute, opaque to the group. Immutable; equal by content. */
final class Value {
  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  static Value of(byte[] bytes) {
    return new Value(bytes.clone());
  }

  /** Takes an array that nobody will change any more. */
  static Value wrapping(byte[] bytes) {
    return new Value(bytes);
  }

  byte[] toArray() {
    return bytes.clone();
  }

  void writeTo(WireWriter out) {
    out.bytes(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value value && Arrays.equals(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
