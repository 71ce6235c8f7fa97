package dev.statecraft.service.relay;

import dev.statecraft.signing.InvalidKeyRingException;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.Signer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Peers, keys and limits of the relay.
 *
 * @param peers the URL of {@code /relay} at each peer, by the peer's name; a route can contain no other name
 * @param keys secrets of a {@link KeyRing}, the same at all nodes; without any, the node signs with a random key
 * @param activeKey id of the key that signs; the other keys only verify
 * @param maximumBytes the largest envelope
 * @param maximumHops how many times an envelope can be forwarded
 * @param lifetime how long an envelope is valid, which limits its replay; longer than clocks of nodes differ
 */
@ConfigurationProperties("statecraft.relay")
public record RelayProperties(@DefaultValue Map<String, URI> peers, @DefaultValue Map<String, String> keys,
    @Nullable String activeKey, @DefaultValue("16KB") DataSize maximumBytes, @DefaultValue("8") int maximumHops,
    @DefaultValue("60s") Duration lifetime) {
  private static final String PREFIX = "statecraft.relay.";
  private static final String PURPOSE = "statecraft/relay";
  private static final DataSize MAX_BYTES = DataSize.ofKilobytes(64);

  /** Checks the values. */
  public RelayProperties {
    peers = Map.copyOf(peers);
    keys = Map.copyOf(keys);
    if (maximumBytes.toBytes() < 1 || maximumBytes.compareTo(MAX_BYTES) > 0) {
      throw new IllegalArgumentException(PREFIX + "maximum-bytes must be from 1B to 64KB");
    }
    if (maximumHops < 1 || !lifetime.isPositive()) {
      throw new IllegalArgumentException(PREFIX + "maximum-hops must be at least 1, and lifetime more than 0");
    }
    keyRing(keys, activeKey);
  }

  Signer signer() {
    return keyRing(keys, activeKey).signer(PURPOSE);
  }

  private static KeyRing keyRing(Map<String, String> keys, @Nullable String activeKey) {
    try {
      return keys.isEmpty() ? KeyRing.random() : KeyRing.of(keys, activeKey);
    } catch (InvalidKeyRingException e) {
      // Without its cause, because the failure report prints the innermost message.
      throw new IllegalArgumentException(PREFIX + e.getMessage());
    }
  }
}
