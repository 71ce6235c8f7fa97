package dev.statecraft.service.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RelayPropertiesTest {
  private static final String SECRET = "c2hvcnQgc2VjcmV0";
  private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  @EnableConfigurationProperties(RelayProperties.class)
  static class Application {}

  @Test
  void shortKeyFailsAtStartWithoutItsValue(CapturedOutput output) {
    assertThat(start("--statecraft.relay.keys.k1=" + SECRET)).isFalse();
    assertThat(output).contains("APPLICATION FAILED TO START", "statecraft.relay.keys.k1 is not 32 bytes or more")
        .doesNotContain(SECRET);
  }

  @Test
  void unknownActiveKeyFailsAtStart(CapturedOutput output) {
    assertThat(start("--statecraft.relay.keys.k1=" + KEY, "--statecraft.relay.active-key=k2")).isFalse();
    assertThat(output).contains("APPLICATION FAILED TO START",
        "statecraft.relay.active-key names 'k2', which is not in the ring").doesNotContain(KEY);
  }

  @Test
  void startsWithValidKeysAndWithoutAny() {
    assertThat(start("--statecraft.relay.keys.k1=" + KEY)).isTrue();
    assertThat(start()).isTrue();
  }

  private static boolean start(String... arguments) {
    try (var context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF).run(arguments)) {
      return context.isRunning();
    } catch (RuntimeException failed) {
      return false;
    }
  }
}
