package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.console.InvalidInput;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerImagesTest {

  @Test
  void passesOptionsToTheBuild() {
    Path home = Path.of("/home");
    ProcessBuilder based = new ContainerImages("registry.example.com/shop", "1.2", "java:25").command(home);
    assertThat(based.command()).containsExactly("/home/docker/build", "--build-arg", "BASE=java:25");
    assertThat(based.environment()).containsEntry("REPOSITORY", "registry.example.com/shop").containsEntry("TAG",
        "1.2");
    assertThat(new ContainerImages("statecraft", "1.2", null).command(home).command())
        .containsExactly("/home/docker/build");
  }

  @ParameterizedTest
  @CsvSource({"statecraft, no tag, --tag", "statecraft, -x, --tag", "Not/Small, 1, --repository"})
  void rejectsInvalidImageNames(String repository, String tag, String option) {
    assertThatThrownBy(() -> new ContainerImages(repository, tag, null)).isInstanceOf(InvalidInput.class)
        .hasMessageContaining(option);
  }
}
