package dev.statecraft.session.replicated.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads the form that {@link WireWriter} writes. Throws {@link MalformedException} on damaged bytes. Not thread-safe.
 */
public final class WireReader {
  private static final int CHECKSUM_BYTES = 4;

  private final byte[] buffer;
  private final int end;
  private int position;

  public WireReader(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.end = offset + length;
  }

  /** Verifies the checksum at the end and returns a reader of the bytes before it. */
  public static WireReader checked(byte[] buffer, int offset, int length) {
    if (!isIntact(buffer, offset, length)) {
      throw new MalformedException("Checksum mismatch");
    }
    return new WireReader(buffer, offset, length - CHECKSUM_BYTES);
  }

  /** Whether the bytes end with the CRC-32C of all bytes before it. */
  public static boolean isIntact(byte[] buffer, int offset, int length) {
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

  public int octet() {
    if (position >= end) {
      throw new MalformedException("Unexpected end of data");
    }
    return buffer[position++] & 0xFF;
  }

  public long number() {
    long value = varint();
    if (value < 0) {
      throw new MalformedException("Negative number");
    }
    return value;
  }

  public long signed() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  public long fixed() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << 8) | octet();
    }
    return value;
  }

  /**
   * A count of items of at least one byte each. Bounded by the bytes left, so a damaged count cannot exhaust memory.
   */
  public int count() {
    long value = number();
    if (value > end - position) {
      throw new MalformedException("Count " + value + " exceeds the " + (end - position) + " bytes left");
    }
    return (int) value;
  }

  public String text() {
    int length = count();
    String value = new String(buffer, position, length, StandardCharsets.UTF_8);
    position += length;
    return value;
  }

  public byte[] bytes() {
    int length = count();
    byte[] value = Arrays.copyOfRange(buffer, position, position + length);
    position += length;
    return value;
  }

  public void expectEnd() {
    if (position != end) {
      throw new MalformedException((end - position) + " unexpected bytes at the end");
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
    throw new MalformedException("Number of more than 64 bits");
  }
}
