package dev.statecraft.session.replicated.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes a compact binary form: numbers as LEB128 varints, text as its length and UTF-8. Not thread-safe. */
public final class WireWriter {
  private byte[] buffer = new byte[128];
  private int size;

  public WireWriter octet(int value) {
    reserve(1);
    buffer[size++] = (byte) value;
    return this;
  }

  /** A number of at least 0; small numbers take fewer bytes. */
  public WireWriter number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("Negative number: " + value);
    }
    return varint(value);
  }

  /** Any number, zigzag encoded; numbers near 0 take fewer bytes. */
  public WireWriter signed(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  /** Any number in 8 bytes; for random numbers, which take up to 10 bytes as a varint. */
  public WireWriter fixed(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      octet((int) (value >>> shift));
    }
    return this;
  }

  public WireWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public WireWriter bytes(byte[] value) {
    number(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
    return this;
  }

  /** Appends a CRC-32C of all bytes, by which a reader detects a torn write. */
  public byte[] toCheckedArray() {
    CRC32C sum = new CRC32C();
    sum.update(buffer, 0, size);
    long value = sum.getValue();
    for (int shift = 24; shift >= 0; shift -= 8) {
      octet((int) (value >>> shift));
    }
    return toArray();
  }

  public byte[] toArray() {
    return Arrays.copyOf(buffer, size);
  }

  private WireWriter varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      octet((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    return octet((int) rest);
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(size, more), (int) Math.min(buffer.length * 2L, 1 << 30)));
    }
  }
}
