package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** A service without peers and keys. */
public interface UnconfiguredContract extends ServiceUnderTest {
  @Test
  default void fanoutWithoutTargetsIsUnavailable() throws Exception {
    ServiceUnderTest.assertProblem(get("/fanout?mode=parallel"), 503);
  }

  @Test
  default void relayWithoutKeysSignsWithARandomKey() throws Exception {
    String message = "{\"route\":[],\"payload\":\"news\"}";
    assertThat(send(request("/relay").POST(BodyPublishers.ofString(message))).headers()
        .firstValue("X-Envelope-Signature")).isPresent();
  }
}
