package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.report.Software;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerTest {
  @TempDir
  private Path directory;

  @Test
  void namedServerTellsItsNameAndVersion() throws Exception {
    Path server = script("echo 'Valkey server v=8.1.4 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1'");

    assertThat(RedisServer.find(directory, server.toString()).software()).isEqualTo(new Software("Valkey", "8.1.4"));
  }

  @Test
  void embeddedServerNeedsNoInstallation() throws Exception {
    Software software = RedisServer.find(directory, RedisServer.EMBEDDED).software();

    assertThat(software.name()).isEqualTo("Redis");
    assertThat(software.version()).matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void withoutNameSomeServerIsFound() throws Exception {
    assertThat(RedisServer.find(directory, null).software().name()).isIn("Redis", "Valkey");
  }

  @Test
  void refusesWhatIsNoServer() throws Exception {
    Path missing = directory.resolve("missing");
    Path other = script("echo 'nginx version: 1.22.1'");

    assertThatThrownBy(() -> RedisServer.find(directory, missing.toString())).isInstanceOf(ClusterFailure.class)
        .hasMessage("STATECRAFT_REDIS_SERVER: " + missing + " is not an executable file");
    assertThatThrownBy(() -> RedisServer.find(directory, directory.toString())).isInstanceOf(ClusterFailure.class)
        .hasMessageContaining("is not an executable file");
    assertThatThrownBy(() -> RedisServer.find(directory, other.toString()).software())
        .isInstanceOf(ClusterFailure.class).hasMessageContaining("not a Redis server");
  }

  private Path script(String command) throws Exception {
    Path script = Files.writeString(directory.resolve("server"), "#!/bin/sh\n" + command + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }
}
