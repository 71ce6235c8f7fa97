package dev.statecraft.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.statecraft.chart.schema.KubernetesVersion;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Compares Helm's programs with its library, which is Helm 3. Runs {@code helm} of the path, or the programs of the
 * property {@code statecraft.helm}, separated by commas. Without any, the tests are skipped.
 */
class HelmProgramIT {
  private static final List<String> PROGRAMS = programs();

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void rendersLikeTheLibrary(Scenario scenario, KubernetesVersion version) throws IOException {
    assumePrograms();
    Rendering rendering = scenario.rendering().installed().kubernetes(version.number());
    List<JsonNode> expected = sorted(rendering.objects());
    for (String program : PROGRAMS) {
      assertThat(sorted(Rendered.of(rendering.textBy(program)))).as(program).isEqualTo(expected);
    }
  }

  @Test
  void lintFindsNothing() throws IOException {
    assumePrograms();
    for (String program : PROGRAMS) {
      Process lint = new ProcessBuilder(program, "lint", "--strict", Chart.DIRECTORY.toString())
          .redirectErrorStream(true).start();
      assertThat(new String(lint.getInputStream().readAllBytes(), UTF_8)).as(program)
          .contains("1 chart(s) linted, 0 chart(s) failed").doesNotContain("[WARNING]", "[ERROR]");
    }
  }

  private static List<JsonNode> sorted(Rendered rendered) {
    return rendered.objects().stream()
        .sorted(Comparator.comparing(object -> object.path("kind").asString() + Rendered.nameOf(object))).toList();
  }

  private static void assumePrograms() {
    assumeThat(PROGRAMS).as("no helm in the path, and -Dstatecraft.helm names none").isNotEmpty();
  }

  private static List<String> programs() {
    String named = System.getProperty("statecraft.helm", "");
    if (!named.isEmpty()) {
      return List.of(named.split(","));
    }
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.of(path.split(File.pathSeparator)).map(directory -> Path.of(directory, "helm"))
        .filter(Files::isExecutable).map(Path::toString).limit(1).toList();
  }
}
