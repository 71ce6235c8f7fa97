package dev.statecraft.session.replicated;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Reads what {@link WireWriter} writes, and never past the end of it. Not thread-safe. */
final class WireReader {
  private static final int CHECKSUM_BYTES = 4;

  private final byte[] buffer;
  private final int end;
  private int position;

  WireReader(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.end = offset + length;
  }

  /** A reader of what stands before the checksum, once that has been found right. */
  static WireReader checked(byte[] buffer, int offset, int length) {
    if (!isIntact(buffer, offset, length)) {
      throw new MalformedException("The checksum does not match");
    }
    return new WireReader(buffer, offset, length - CHECKSUM_BYTES);
  }

  static boolean isIntact(byte[] buffer, int offset, int length) {
    if (length < CHECKSUM_BYTES) {
      return false;
    }
    CRC32C sum = new CRC32C();
    sum.update(buffer, offset, length - CHECKSUM_BYTES);
    long expected = 0;
    for (int i = offset + length - CHECKSUM_BYTES; i < offset + length; i++) {
      expected = (expected << 8) | (buffer[i] & 0xFF);
    }
    return sum.getValue() == expected;
  }

  int octet() {
    if (position >= end) {
      throw new MalformedException("It ends too early");
    }
    return buffer[position++] & 0xFF;
  }

  long number() {
    long value = varint();
    if (value < 0) {
      throw new MalformedException("A number is negative");
    }
    return value;
  }

  long signed() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  long fixed() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << 8) | octet();
    }
    return value;
  }

  /** A count of things that take at least one byte each, so that a damaged one cannot ask for all memory. */
  int count() {
    long value = number();
    if (value > end - position) {
      throw new MalformedException("A count of " + value + " is more than what follows");
    }
    return (int) value;
  }

  String text() {
    int length = count();
    String value = new String(buffer, position, length, StandardCharsets.UTF_8);
    position += length;
    return value;
  }

  byte[] bytes() {
    int length = count();
    byte[] value = Arrays.copyOfRange(buffer, position, position + length);
    position += length;
    return value;
  }

  void expectEnd() {
    if (position != end) {
      throw new MalformedException((end - position) + " bytes too many");
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = octet();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedException("A number is too long");
  }
}
