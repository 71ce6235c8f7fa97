package dev.statecraft.service.contract;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** Gives services to call to the contracts that test calls. */
public interface DownstreamContract extends ServiceUnderTest {
  /** The services that the service under test calls. */
  Downstream DOWNSTREAM = new Downstream();

  /** The secret whose id is {@code test}. */
  String SECRET = Base64.getEncoder()
      .encodeToString("not secret, because it is of the test".getBytes(StandardCharsets.US_ASCII));

  /** The further properties of the service under test. */
  static Map<String, String> properties() {
    return Map.of("statecraft.fanout.targets",
        DOWNSTREAM.url("/a") + "," + DOWNSTREAM.url("/b") + "," + DOWNSTREAM.url("/c"), //
        "statecraft.relay.peers.self", DOWNSTREAM.url("/relay"), //
        "statecraft.relay.peers.liar", DOWNSTREAM.url("/liar"), //
        "statecraft.relay.peers.hanging", DOWNSTREAM.url("/hanging"), //
        "statecraft.relay.peers.failing", DOWNSTREAM.url("/failing"), //
        "statecraft.relay.keys.test", SECRET, //
        "statecraft.relay.active-key", "test");
  }

  @BeforeEach
  default void resetDownstream() {
    DOWNSTREAM.reset(port());
  }
}
