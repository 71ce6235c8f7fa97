package dev.statecraft.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.stateless.ApiContract;
import dev.statecraft.stateless.FairnessContract;
import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.UnconfiguredContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, "statecraft.acceptors=3"})
class AcceptorsServiceTest extends RunningReactiveService
    implements
      ApiContract,
      FairnessContract,
      UnconfiguredContract {
  private static final String LISTENING = "0A";

  /** By the kernel's own table: the third column is the local address, the fourth after it the state. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void eachAcceptorHasAListeningSocketOfItsOwnOnTheOnePort() throws IOException {
    String localPort = String.format(":%04X", port());
    long sockets = Stream.of("tcp", "tcp6").flatMap(AcceptorsServiceTest::socketsOf)
        .filter(columns -> columns[1].endsWith(localPort) && columns[3].equals(LISTENING)).count();
    assertThat(sockets).isEqualTo(3);
  }

  private static Stream<String[]> socketsOf(String table) {
    try {
      return Files.readAllLines(Path.of("/proc/self/net", table)).stream().map(line -> line.strip().split("\\s+"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
