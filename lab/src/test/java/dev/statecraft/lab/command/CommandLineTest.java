package dev.statecraft.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "up --strategies none            | there is no strategy 'none'; there are affinity, redis, replicated, cookie",
    "up --nodes 4                    | --nodes 4: replicated needs an odd number",
    "up --nodes 1                    | --nodes 1: replicated needs an odd number",
    "up --nodes 0 --strategies redis | --nodes 0: from 1 to 9",
    "up --nodes x                    | 'x' is not an int",
    "up --reads psychic              | there is no guarantee 'psychic'; there are linearizable, session, local",
    "startup --rounds 0              | --rounds 0: from 1 to 100",
    "up --frobnicate                 | Unknown option: '--frobnicate'",
    "dance                           | Unmatched argument at index 0: 'dance'"})
  void badInputIsRefusedInOneLine(String line, String reason) {
    assertThat(execute(line)).isEqualTo(2);

    assertThat(err.toString()).startsWith("statecraft: ").contains(reason).endsWith("\n").containsOnlyOnce("\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void nothingToDoIsBadInputToo() {
    assertThat(execute("")).isEqualTo(2);
    assertThat(err.toString()).contains("say what to do").containsOnlyOnce("\n");
  }

  @Test
  void helpNamesEveryCommandAndExitCode() {
    assertThat(execute("--help")).isZero();

    assertThat(out.toString()).contains("up", "startup", "Exit codes:", "130");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsRefusedBeforeAnythingStarts(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(execute("up --strategies redis --logs " + file.resolve("below"))).isEqualTo(2);
    assertThat(err.toString()).startsWith("statecraft: cannot write into ").containsOnlyOnce("\n");
  }

  private int execute(String line) {
    String[] arguments = line.isBlank() ? new String[0] : line.strip().split(" +", -1);
    return StatecraftCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
  }
}
