package dev.statecraft.stateless;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of calls to other services have in common: those services. */
public interface DownstreamContract extends ServiceUnderTest {
  /** The services that the service under test calls. */
  Downstream DOWNSTREAM = new Downstream();

  /** The key that signs envelopes. */
  byte[] KEY = "not secret, for it is of the test".getBytes(StandardCharsets.US_ASCII);

  /** The further properties with which the service under test starts. */
  static Map<String, String> properties() {
    return Map.of("statecraft.fanout.targets",
        DOWNSTREAM.url("/a") + "," + DOWNSTREAM.url("/b") + "," + DOWNSTREAM.url("/c"), //
        "statecraft.relay.peers.self", DOWNSTREAM.url("/relay"), //
        "statecraft.relay.peers.liar", DOWNSTREAM.url("/liar"), //
        "statecraft.relay.peers.hanging", DOWNSTREAM.url("/hanging"), //
        "statecraft.relay.peers.failing", DOWNSTREAM.url("/failing"), //
        "statecraft.relay.keys.test", Base64.getEncoder().encodeToString(KEY), //
        "statecraft.relay.active-key", "test");
  }

  @BeforeEach
  default void resetDownstream() {
    DOWNSTREAM.reset(port());
  }
}
