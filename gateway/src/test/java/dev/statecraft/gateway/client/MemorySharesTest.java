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
    assertThat(new MemoryShares(64 * MIB, 64 * MIB / 3).connections()).isEqualTo(682);
  }

  @Test
  void smallHeapLimitsConnectionsDespiteMuchDirectMemory() {
    assertThat(new MemoryShares(64 * MIB, 1024 * MIB).connections()).isEqualTo(682);
  }

  @Property
  void connectionsAndBodiesFitIntoDirectMemory(@ForAll @LongRange(min = 32, max = 16_384) long heapMebibytes) {
    long direct = heapMebibytes * MIB / 3;
    MemoryShares shares = new MemoryShares(heapMebibytes * MIB, direct);
    assertThat((long) shares.connections() * ClientConfiguration.MAX_READ_BYTES + shares.bodyBytes())
        .isLessThanOrEqualTo(direct);
  }
}
