package dev.statecraft.chart.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares a generated file in the repository with its expected content; {@code -Dstatecraft.write=true} writes it. */
public final class GeneratedFile {
  private GeneratedFile() {}

  /** Fails if the file differs from the expected content. */
  public static void check(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("statecraft.write")) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, expected);
    }
    assertThat(file).as("generate it by: mvn -pl helm verify -Dstatecraft.write=true").exists();
    assertThat(Files.readString(file))
        .as(file + " differs from the chart; regenerate it by: mvn -pl helm verify -Dstatecraft.write=true")
        .isEqualTo(expected);
  }
}
