package dev.statecraft.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that both services keep are kept in two copies, since the services share no code; here they stay equal. */
class SharedRulesTest {
  @ParameterizedTest
  @ValueSource(strings = {"Drain", "NodeProperties", "client/Deadline", "fanout/FanoutProperties", "relay/Envelope",
    "relay/KeyRing", "relay/Relay", "relay/RelayProperties", "QueueingDelay", "work/Processor", "work/WorkProperties"})
  void ruleIsTheSameInBothServices(String type) throws IOException {
    assertThat(source("reactive", type)).isEqualTo(source("stateless", type).replace("statecraft.stateless",
        "statecraft.reactive"));
  }

  private static String source(String service, String type) throws IOException {
    return Files.readString(
        Path.of("..", service + "-service", "src", "main", "java", "dev", "statecraft", service, type + ".java"));
  }
}
