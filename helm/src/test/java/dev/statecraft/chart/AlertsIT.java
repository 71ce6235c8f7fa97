package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts as Prometheus evaluates them, by promtool. */
class AlertsIT {
  private static final Path SERIES = Path.of("src", "test", "resources", "alerts", "alerts-test.yaml");

  @TempDir
  private Path directory;

  @BeforeEach
  void findPromtool() throws Exception {
    boolean found;
    try {
      run("promtool", "--version");
      found = true;
    } catch (IOException e) {
      found = false;
    }
    Assumptions.assumeTrue(found, "promtool is not installed (Debian: apt-get install prometheus)");
    Files.writeString(directory.resolve("rules.yaml"), Chart.YAML_MAPPER.writeValueAsString(Alerts.rendered()));
    Files.copy(SERIES, directory.resolve("alerts-test.yaml"));
  }

  @Test
  void rulesAreValid() throws Exception {
    assertThat(run("promtool", "check", "rules", "--lint-fatal", "rules.yaml")).contains("SUCCESS: 5 rules found");
  }

  @Test
  void alertsFireForTheirFailureOnly() throws Exception {
    assertThat(run("promtool", "test", "rules", "alerts-test.yaml")).contains("SUCCESS").doesNotContain("FAILED");
  }

  private String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).directory(directory.toFile()).redirectErrorStream(true)
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output;
  }
}
