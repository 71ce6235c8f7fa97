package dev.statecraft.stateless.relay;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where envelopes may travel, and their bounds.
 *
 * @param peers the URL of each peer's {@code /relay}, by the peer's name; a route can name no other
 * @param keys the keys that sign envelopes, by id, each 32 bytes or more in Base64; shared by all nodes
 * @param activeKey the id of the key that signs; the others only verify, so that keys can be changed one by one
 * @param maximumBytes the largest envelope
 * @param maximumHops how many times an envelope may be forwarded
 * @param lifetime how long an envelope is good for, which bounds its replay; longer than the clocks of two nodes differ
 */
@ConfigurationProperties("statecraft.relay")
record RelayProperties(@DefaultValue Map<String, URI> peers, @DefaultValue Map<String, String> keys,
    @Nullable String activeKey, @DefaultValue("16KB") DataSize maximumBytes, @DefaultValue("8") int maximumHops,
    @DefaultValue("60s") Duration lifetime) {
  private static final long MOST_BYTES = 64 * 1024;

  RelayProperties {
    peers = Map.copyOf(peers);
    keys = Map.copyOf(keys);
    if (maximumBytes.toBytes() < 1 || maximumBytes.toBytes() > MOST_BYTES || maximumHops < 1
        || !lifetime.isPositive()) {
      throw new IllegalArgumentException("statecraft.relay.maximum-bytes must be between 1B and 64KB, "
          + "maximum-hops at least 1, and lifetime more than 0");
    }
    if (!keys.isEmpty() && (activeKey == null || !keys.containsKey(activeKey))) {
      throw new IllegalArgumentException("statecraft.relay.active-key must name one of statecraft.relay.keys");
    }
  }
}
