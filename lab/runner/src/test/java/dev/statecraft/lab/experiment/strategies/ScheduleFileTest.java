package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleFileTest {
  private static final String YAML = """
      strategy: replicated
      faults:
        - {at: 1m, fault: pause, duration: 5s, target: replicated-2}
        - {at: 10s, fault: kill}
      """;

  private static ScheduleFile parse(String text) {
    return ScheduleFile.parse("file", text);
  }

  @Test
  void readsFaultsInTheOrderInWhichTheyAreDue() {
    ScheduleFile file = parse(YAML);
    assertThat(file.strategy()).isEqualTo(SessionStrategies.of("replicated"));
    assertThat(file.planned()).extracting(planned -> planned.fault().name()).containsExactly("kill", "pause");
    assertThat(file.planned().getFirst().target()).isNull();
    Planned pause = file.planned().getLast();
    assertThat(pause.at()).isEqualTo(Duration.ofMinutes(1));
    assertThat(pause.duration()).isEqualTo(Duration.ofSeconds(5));
    assertThat(pause.target()).isEqualTo("replicated-2");
  }

  @Test
  void readsJson() {
    assertThat(parse("{\"strategy\": \"redis\", \"faults\": [{\"at\": \"0s\", \"fault\": \"redis-kill\"}]}").planned())
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "strategy: mongo                               | file: strategy: unknown strategy 'mongo'; known: affinity",
    "faults: []                                    | file.strategy: is missing",
    "strategy: [redis]                             | file.strategy: must be text",
    "- kill                                        | file: must be a mapping with the keys faults, strategy",
    "strategy: redis                               | file: faults: must be a list with at least one fault",
    "{strategy: redis, faults: []}                 | file: faults: must be a list with at least one fault",
    "{strategy: redis, fault: kill}                | file: unknown key 'fault'; known: faults, strategy",
    "{strategy: redis, faults: [kill]}             | file: faults[0]: must be a mapping",
    "{strategy: redis, faults: [{at: 1s}]}         | file: faults[0].fault: is missing",
    "{strategy: redis, faults: [{fault: kill}]}    | file: faults[0].at: is missing",
    "{strategy: redis, faults: [{fault: flood, at: 1s}]} | file: faults[0].fault: unknown fault 'flood'; known: kill",
    "{strategy: redis, faults: [{fault: kill, at: -1s}]} | file: faults[0].at -1s: not a duration",
    "{strategy: redis, faults: [{fault: kill, at: 1s, duration: 2h}]} | faults[0].duration 2h: must be from 1ms to 60m",
    "{strategy: redis, faults: [{fault: kill, at: 1s, until: 2s}]} | file: faults[0]: unknown key 'until'",
    "{strategy: redis, faults: [{fault: redis-kill, at: 1s, target: a}]} | .target: redis-kill chooses its targets"})
  void refusesInvalidFileInOneLine(String text, String message) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(InvalidInput.class).hasMessageContaining(message)
        .satisfies(refused -> assertThat(String.valueOf(refused.getMessage()).lines()).hasSize(1));
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '"', delimiter = '|',
      value = {"{strategy: redis", "\"a: b: c\"", "'a", "\"{a: 1, a: 2}\""})
  void refusesWhatIsNotYaml(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(InvalidInput.class)
        .hasMessageContaining(": is neither YAML nor JSON: ")
        .satisfies(refused -> assertThat(String.valueOf(refused.getMessage()).lines()).hasSize(1));
  }

  @Test
  void refusesFileThatIsMissingOrNoText(@TempDir Path directory) throws Exception {
    assertThatThrownBy(() -> ScheduleFile.read(directory.resolve("none.yaml"))).isInstanceOf(InvalidInput.class)
        .hasMessageContaining("none.yaml: does not exist");
    Path binary = Files.write(directory.resolve("binary"), new byte[]{(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> ScheduleFile.read(binary)).isInstanceOf(InvalidInput.class)
        .hasMessageContaining("is not UTF-8 text");
    assertThatThrownBy(() -> ScheduleFile.read(directory)).isInstanceOf(InvalidInput.class);
  }

  @Test
  void refusesWhatTheEnvironmentLacks() {
    ScheduleFile file = parse(YAML);
    assertThatThrownBy(() -> file.check("file", List.of("replicated-1"), fault -> Optional.empty()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("file: target 'replicated-2' is no node of replicated; known: replicated-1");
    assertThatThrownBy(() -> file.check("file", List.of("replicated-2"),
        fault -> fault.name().equals("pause") ? Optional.of("cannot be done here") : Optional.empty()))
        .isInstanceOf(InvalidInput.class).hasMessage("file: pause: cannot be done here");
  }
}
