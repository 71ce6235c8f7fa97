package dev.statecraft.lab.experiment.strategies.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.WarmUp;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the report in a browser of this machine, if there is one. */
class DrawnReportIT {
  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
  private static final long TIMEOUT_SECONDS = 60;

  @TempDir
  private Path directory;

  @Test
  void drawsEveryChart() throws Exception {
    Optional<Path> browser = browser();
    assumeTrue(browser.isPresent(), "no Chromium is installed");
    StrategyResults results = SampleResults.of(List.of(
        SampleResults.with(SampleResults.redis(), new WarmUp(3.25, true, List.of(0L, 12L, 480L), 0.1)),
        SampleResults.with(SampleResults.redis(), new WarmUp(2.5, false, List.of(9L, 300L), null))));
    // Each chart that is drawn asks for the context of its canvas.
    String page = results.page().replace("<head>", """
        <head><script>
        const drawn = new Set();
        const original = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (...parameters) {
          if (this.id) { drawn.add(this.id); }
          return original.apply(this, parameters);
        };
        addEventListener('error', event => document.documentElement.dataset.failure = event.message);
        addEventListener('load', () => document.documentElement.dataset.missing =
          [...document.querySelectorAll('canvas')].map(canvas => canvas.id).filter(id => !drawn.has(id)).join());
        </script>""");
    String document = open(browser.get(), Files.writeString(directory.resolve("report.html"), page));
    assertThat(document).contains("cold-over-time-0", "cold-over-time-1", "data-missing=\"\"")
        .doesNotContain("data-failure");
  }

  private String open(Path browser, Path page) throws Exception {
    Path output = directory.resolve("document.html");
    Process process = new ProcessBuilder(browser.toString(), "--headless", "--no-sandbox", "--disable-gpu",
        "--user-data-dir=" + directory.resolve("profile"), "--virtual-time-budget=5000", "--dump-dom",
        page.toUri().toString()).redirectOutput(output.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("the browser ended").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static Optional<Path> browser() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).map(Path::of)
        .flatMap(path -> BROWSERS.stream().map(path::resolve)).filter(Files::isExecutable).findFirst();
  }
}
