package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReleaseConfigurationTest {
  private final ReleaseConfiguration configuration = ReleaseConfiguration.parse("""
      statecraft:
        session:
          replicated:
            reads: linearizable
          timeout: 30
      """);

  @Test
  void findsAPropertyByItsPath() {
    assertThat(configuration.text("statecraft", "session", "replicated", "reads")).hasValue("linearizable");
    assertThat(configuration.has("statecraft", "session", "replicated")).isTrue();
  }

  @Test
  void isEmptyForMissingProperties() {
    assertThat(configuration.text("statecraft", "session", "redis", "writes")).isEmpty();
    assertThat(configuration.text("statecraft", "session", "timeout", "reads")).isEmpty();
    assertThat(ReleaseConfiguration.parse("").has("statecraft")).isFalse();
  }
}
