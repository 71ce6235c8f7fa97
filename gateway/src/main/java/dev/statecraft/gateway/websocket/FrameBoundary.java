package dev.statecraft.gateway.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames in a stream of bytes (RFC 6455 section 5.2), to tell whether a frame of the gateway's own may come
 * next. Not thread-safe.
 */
final class FrameBoundary {
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7F;
  private static final int LENGTH_IN_2_BYTES = 126;
  private static final int LENGTH_IN_8_BYTES = 127;
  private static final int MASK_BYTES = 4;
  private static final int MIN_HEADER_BYTES = 2;

  private int headerBytes;
  private int extendedBytes;
  private int maskBytes;
  private long length;
  private long remaining;

  /** Follows the readable bytes, and does not change the buffer. */
  void add(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (remaining > 0) {
        int skipped = (int) Math.min(remaining, end - at);
        remaining -= skipped;
        at += skipped;
      } else {
        addHeader(bytes.getUnsignedByte(at++));
      }
    }
  }

  private void addHeader(int octet) {
    headerBytes++;
    if (headerBytes == 1) {
      return;
    }
    if (headerBytes == MIN_HEADER_BYTES) {
      int declared = octet & LENGTH;
      extendedBytes = declared == LENGTH_IN_2_BYTES ? 2 : declared == LENGTH_IN_8_BYTES ? 8 : 0;
      length = extendedBytes == 0 ? declared : 0;
      maskBytes = (octet & MASKED) == 0 ? 0 : MASK_BYTES;
    } else {
      length = length << Byte.SIZE | octet;
    }
    if (headerBytes == MIN_HEADER_BYTES + extendedBytes) {
      // A length of more than 63 bits is invalid; no frame follows it.
      remaining = length < 0 || length > Long.MAX_VALUE - maskBytes ? Long.MAX_VALUE : length + maskBytes;
      headerBytes = 0;
    }
  }

  /** Tells whether the last frame is complete. */
  boolean isReached() {
    return remaining == 0 && headerBytes == 0;
  }
}
