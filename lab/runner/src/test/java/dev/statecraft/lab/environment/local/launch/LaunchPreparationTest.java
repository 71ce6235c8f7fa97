package dev.statecraft.lab.environment.local.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchPreparationTest {
  @Test
  void usesTheJvmOptionsOfTheImages() throws IOException {
    List<String> images = Files.readAllLines(Path.of("..", "..", "docker", "jvm.options"))
        .stream().filter(line -> line.startsWith("-XX:")).toList();

    assertThat(images).isNotEmpty();
    assertThat(LaunchPreparation.SERVICE_ARGUMENTS).filteredOn(option -> option.startsWith("-XX:"))
        .containsExactlyInAnyOrderElementsOf(images);
  }
}
