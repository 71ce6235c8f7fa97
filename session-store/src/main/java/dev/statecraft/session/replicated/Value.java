package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The encoded value of one attribute. Immutable; equal by content. */
final class Value {
  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  static Value of(byte[] bytes) {
    return new Value(bytes.clone());
  }

  /** Wraps the array without a copy; the caller must not change it. */
  static Value wrapping(byte[] bytes) {
    return new Value(bytes);
  }

  static Value ofText(String text) {
    return new Value(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the bytes themselves, which must not be changed. */
  byte[] bytes() {
    return bytes;
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
