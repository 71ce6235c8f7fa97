package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockSkewTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path root;

  @ParameterizedTest
  @ValueSource(strings = {
    "usr/lib/x86_64-linux-gnu/faketime", "usr/lib/aarch64-linux-gnu/faketime", "usr/lib64/faketime",
    "usr/local/lib/faketime",
    "usr/lib/faketime", "usr/lib64"})
  void theLibraryIsFoundWherePackagesPutIt(String directory) throws Exception {
    Path library = libraryIn(directory);

    assertThat(ClockSkew.library(null, root)).hasValue(library);
  }

  @Test
  void theLibraryThatIsNamedIsTakenAndNoOther() throws Exception {
    libraryIn("usr/lib/faketime");
    Path own = Files.createFile(root.resolve("own.so"));

    assertThat(ClockSkew.library(own.toString(), root)).hasValue(own);
    assertThat(ClockSkew.library(root.resolve("none.so").toString(), root)).isEmpty();
  }

  @Test
  void withoutTheLibraryOrLinuxItIsSaidWhyNot() {
    assertThat(ClockSkew.library(null, root)).isEmpty();
    assertThat(ClockSkew.whyNot("Linux", Optional.empty()).orElseThrow()).contains("libfaketime", ClockSkew.VARIABLE);
    assertThat(ClockSkew.whyNot("Mac OS X", Optional.of(root)).orElseThrow()).contains("Linux");
    assertThat(ClockSkew.whyNot("Linux", Optional.of(root))).isEmpty();
  }

  @Test
  void theFileSaysHowWrongTheClockIs() throws Exception {
    Path file = root.resolve("node.clock");
    ClockSkew clock = new ClockSkew(root.resolve("lib.so"), file);
    assertThat(file).hasContent("+0");
    clock.set(Duration.ofMinutes(5));
    assertThat(file).hasContent("+300");
    clock.set(Duration.ofHours(-1));
    assertThat(file).hasContent("-3600");
    assertThat(clock.entry()).contains("LD_PRELOAD=" + root.resolve("lib.so"), "FAKETIME_TIMESTAMP_FILE=" + file);
  }

  @Test
  void aJavaProcessSeesItsClockJumpAndWaitsAsLongAsEver() throws Exception {
    assumeTrue(ClockSkew.whyNot().isEmpty(), () -> ClockSkew.whyNot().orElseThrow());
    ClockSkew clock = new ClockSkew(ClockSkew.library().orElseThrow(), root.resolve("node.clock"));
    String java = ProcessHandle.current().info().command().orElseThrow();
    List<String> command = new ArrayList<>(clock.entry());
    command.addAll(List.of(java, "-cp", System.getProperty("java.class.path"), TickingProcess.class.getName()));
    try (Processes processes = new Processes()) {
      Node node = new Node("ticking", 1, command, root, root.resolve("log"), processes);
      node.start();
      await().atMost(PATIENCE).until(() -> !ticks(node).isEmpty());
      ClockSkew.removeShared(node.process().orElseThrow().pid());
      for (Duration error : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ZERO)) {
        clock.set(error);
        await().atMost(PATIENCE).until(() -> {
          Instant told = Instant.ofEpochMilli(ticks(node).getLast()[1]);
          return Duration.between(Instant.now().plus(error), told).abs().compareTo(Duration.ofMinutes(1)) < 0;
        });
      }
      assertThat(ticks(node)).hasSizeGreaterThan(3).allSatisfy(tick -> assertThat(tick[0]).isGreaterThanOrEqualTo(99));
    }
  }

  private static List<long[]> ticks(Node node) throws IOException {
    String log = Files.readString(node.log());
    return log.substring(0, log.lastIndexOf('\n') + 1).lines()
        .map(line -> Stream.of(line.split(" ", -1)).mapToLong(Long::parseLong).toArray()).toList();
  }

  private Path libraryIn(String directory) throws IOException {
    return Files.createFile(Files.createDirectories(root.resolve(directory)).resolve("libfaketimeMT.so.1"));
  }
}
