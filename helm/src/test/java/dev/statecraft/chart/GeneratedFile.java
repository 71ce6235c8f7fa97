package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the repository that is made from the chart. It is compared with what it should be; run with
 * {@code -Dstatecraft.write=true}, the tests write it instead.
 */
final class GeneratedFile {
  private GeneratedFile() {}

  static void check(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("statecraft.write")) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, expected);
    }
    assertThat(file).as("made by: mvn -pl helm verify -Dstatecraft.write=true").exists();
    assertThat(Files.readString(file))
        .as(file + " has drifted from the chart; mend it by: mvn -pl helm verify -Dstatecraft.write=true")
        .isEqualTo(expected);
  }
}
