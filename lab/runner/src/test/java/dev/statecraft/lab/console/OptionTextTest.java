package dev.statecraft.lab.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTextTest {

  @ParameterizedTest
  @CsvSource({"20s, PT20S", "20, PT20S", "2m, PT2M", "1h, PT1H", "1500ms, PT1.5S"})
  void parsesDurations(String text, Duration duration) {
    assertThat(OptionText.duration("--duration", text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-5s", "20 s", "s", "1.5s", "20d", "99999999999s"})
  void rejectsInvalidDurationsWithTheOption(String text) {
    assertThatThrownBy(() -> OptionText.duration("--duration", text)).isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("--duration " + text);
  }

  @Test
  void formatsDurations() {
    assertThat(OptionText.format(Duration.ofSeconds(20))).isEqualTo("20s");
    assertThat(OptionText.format(Duration.ofMillis(1500))).isEqualTo("1500ms");
  }
}
