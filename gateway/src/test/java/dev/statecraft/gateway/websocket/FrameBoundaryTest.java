package dev.statecraft.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameBoundaryTest {
  @Property(tries = 200)
  void isReachedAfterEachFrameOnly(@ForAll @Size(min = 1, max = 5) List<@IntRange(max = 70_000) Integer> lengths,
      @ForAll boolean masked, @ForAll @IntRange(min = 1, max = 40_000) int part) {
    FrameBoundary boundary = new FrameBoundary();
    for (int length : lengths) {
      ByteBuf frame = frame(length, masked);
      ByteBuf last = frame.slice(frame.readableBytes() - 1, 1);
      ByteBuf others = frame.slice(0, frame.readableBytes() - 1);
      while (others.isReadable()) {
        boundary.add(others.readSlice(Math.min(part, others.readableBytes())));
        assertThat(boundary.isReached()).isFalse();
      }
      boundary.add(last);
      assertThat(boundary.isReached()).isTrue();
    }
  }

  private static ByteBuf frame(int length, boolean masked) {
    int mask = masked ? 0x80 : 0;
    ByteBuf frame = Unpooled.buffer().writeByte(0x82);
    if (length < 126) {
      frame.writeByte(mask | length);
    } else if (length < 65_536) {
      frame.writeByte(mask | 126).writeShort(length);
    } else {
      frame.writeByte(mask | 127).writeLong(length);
    }
    // The payload looks like heads of frames.
    byte[] payload = new byte[length + (masked ? 4 : 0)];
    Arrays.fill(payload, (byte) 0x81);
    return frame.writeBytes(payload);
  }
}
