package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** What a service does that was told of no other. */
public interface UnconfiguredContract extends ServiceUnderTest {
  @Test
  default void fanoutWithoutTargetsIsUnavailable() throws Exception {
    ServiceUnderTest.assertProblem(get("/fanout?mode=parallel"), 503);
  }

  @Test
  default void relayWithoutKeysSignsForItself() throws Exception {
    String message = "{\"route\":[],\"payload\":\"news\"}";
    assertThat(send(request("/relay").POST(BodyPublishers.ofString(message))).headers()
        .firstValue("X-Envelope-Signature")).isPresent();
  }
}
