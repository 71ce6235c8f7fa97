package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuStarvationTest {
  @TempDir
  Path controlGroups;

  @Test
  void supportsVersion1() throws IOException {
    Files.createDirectory(controlGroups.resolve("cpu"));
    Files.createFile(controlGroups.resolve("cpu/cgroup.procs"));
    assertThat(new CpuStarvation(controlGroups).unsupportedLocally()).isEmpty();
  }

  @Test
  void supportsVersion2WithCpuController() throws IOException {
    Files.writeString(controlGroups.resolve("cgroup.subtree_control"), "cpuset cpu io memory\n");
    assertThat(new CpuStarvation(controlGroups).unsupportedLocally()).isEmpty();
  }

  @Test
  void needsCpuController() throws IOException {
    Files.writeString(controlGroups.resolve("cgroup.subtree_control"), "cpuset memory\n");
    assertThat(new CpuStarvation(controlGroups).unsupportedLocally())
        .hasValue("no CPU control group below " + controlGroups + " is writable");
  }

  @Test
  void needsControlGroups() {
    Path missing = controlGroups.resolve("missing");
    assertThat(new CpuStarvation(missing).unsupportedLocally())
        .hasValue("no CPU control group below " + missing + " is writable");
  }
}
