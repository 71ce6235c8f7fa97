package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MemorySharesTest {
  private static final long MIB = 1024 * 1024;

  @Test
  void smallGatewayAcceptsSeveralHundredConnections() {
    assertThat(new MemoryShares(60 * MIB, 60 * MIB).connections()).isEqualTo(426);
  }

  @Test
  void smallerDirectMemoryLimitsConnections() {
    assertThat(new MemoryShares(60 * MIB, 6 * MIB).connections()).isEqualTo(128);
  }

  /** A streamed body takes up to twice what it counts: its first part is kept until the request ends. */
  @Property
  void connectionsAndBodiesFitIntoThirdOfHeap(@ForAll @LongRange(min = 32, max = 16_384) long heapMebibytes) {
    long heap = heapMebibytes * MIB;
    MemoryShares shares = new MemoryShares(heap, heap);
    assertThat((long) shares.connections() * ClientConfiguration.MAX_READ_BYTES + 2 * shares.bodyBytes())
        .isLessThanOrEqualTo(heap / 3);
  }
}
