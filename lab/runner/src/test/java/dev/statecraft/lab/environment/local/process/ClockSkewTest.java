package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockSkewTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path root;

  @ParameterizedTest
  @ValueSource(strings = {
    "usr/lib/x86_64-linux-gnu/faketime", "usr/lib/aarch64-linux-gnu/faketime", "usr/lib64/faketime",
    "usr/local/lib/faketime",
    "usr/lib/faketime", "usr/lib64"})
  void findsTheLibraryInPackageDirectories(String directory) throws Exception {
    Path library = libraryIn(directory);

    assertThat(ClockSkew.library(null, root)).hasValue(library);
  }

  @Test
  void usesOnlyTheNamedLibrary() throws Exception {
    libraryIn("usr/lib/faketime");
    Path own = Files.createFile(root.resolve("own.so"));

    assertThat(ClockSkew.library(own.toString(), root)).hasValue(own);
    assertThat(ClockSkew.library(root.resolve("none.so").toString(), root)).isEmpty();
  }

  @Test
  void explainsMissingSupport() {
    assertThat(ClockSkew.library(null, root)).isEmpty();
    assertThat(ClockSkew.unsupportedReason("Linux", Optional.empty()).orElseThrow()).contains("libfaketime",
        ClockSkew.VARIABLE);
    assertThat(ClockSkew.unsupportedReason("Mac OS X", Optional.of(root)).orElseThrow()).contains("Linux");
    assertThat(ClockSkew.unsupportedReason("Linux", Optional.of(root))).isEmpty();
  }

  @Test
  void writesTheClockErrorToTheFile() throws Exception {
    Path file = root.resolve("node.clock");
    ClockSkew clock = new ClockSkew(root.resolve("lib.so"), file);
    assertThat(file).hasContent("+0");
    clock.set(Duration.ofMinutes(5));
    assertThat(file).hasContent("+300");
    clock.set(Duration.ofHours(-1));
    assertThat(file).hasContent("-3600");
    assertThat(clock.commandPrefix()).contains("LD_PRELOAD=" + root.resolve("lib.so"),
        "FAKETIME_TIMESTAMP_FILE=" + file);
  }

  private Path libraryIn(String directory) throws IOException {
    return Files.createFile(Files.createDirectories(root.resolve(directory)).resolve("libfaketimeMT.so.1"));
  }
}
