package dev.statecraft.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesCommandTest {

  @Test
  void theBuildIsToldWhatTheUserSaid(@TempDir Path home) throws Exception {
    Path script = Files.createDirectory(home.resolve("docker")).resolve("build");
    Files.writeString(script, "#!/bin/sh\necho \"$REPOSITORY|$TAG|$*\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(printed(ImagesCommand.build(home, "registry.example.com/shop", "1.2", "java:25")))
        .isEqualTo("registry.example.com/shop|1.2|--build-arg BASE=java:25");
    assertThat(printed(ImagesCommand.build(home, "statecraft", "1.2", null))).isEqualTo("statecraft|1.2|");
  }

  @ParameterizedTest
  @CsvSource({"--tag, no tag", "--tag, -x", "--repository, Not/Small"})
  void aNameThatDockerWouldNotTakeIsRefusedAtOnce(String option, String value) {
    StringWriter err = new StringWriter();
    int exit = StatecraftCommand.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err, true))
        .execute("images", option + "=" + value);
    assertThat(exit).isEqualTo(StatecraftCommand.BAD_INPUT);
    assertThat(err.toString().lines()).singleElement().asString().contains(option);
  }

  private static String printed(ProcessBuilder build) throws Exception {
    Process process = build.start();
    String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out.strip();
  }
}
