package dev.statecraft.session.replicated;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes the compact binary form that commands, answers and snapshots share: numbers as LEB128 varints, text as UTF-8
 * behind its length. Not thread-safe.
 */
final class WireWriter {
  private byte[] buffer = new byte[128];
  private int size;

  WireWriter octet(int value) {
    reserve(1);
    buffer[size++] = (byte) value;
    return this;
  }

  /** A number from 0; small ones are short. */
  WireWriter number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("Negative: " + value);
    }
    return varint(value);
  }

  /** Any number; those near 0 are short (zigzag). */
  WireWriter signed(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  /** Any number, always in 8 bytes: for random ones, which a varint would lengthen. */
  WireWriter fixed(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      octet((int) (value >>> shift));
    }
    return this;
  }

  WireWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  WireWriter bytes(byte[] value) {
    number(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
    return this;
  }

  /** Ends with a CRC-32C of all before, by which a torn write is recognised. */
  byte[] toCheckedArray() {
    CRC32C sum = new CRC32C();
    sum.update(buffer, 0, size);
    long value = sum.getValue();
    for (int shift = 24; shift >= 0; shift -= 8) {
      octet((int) (value >>> shift));
    }
    return toArray();
  }

  byte[] toArray() {
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
