package dev.statecraft.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.contract.ApiContract;
import dev.statecraft.service.contract.FairnessContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
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
class AcceptorsServiceIT extends RunningService
    implements
      ApiContract,
      FairnessContract {
  private static final String LISTENING = "0A";

  /** Reads the kernel's table of sockets: the second column is the local address, the fourth the state. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void eachAcceptorListensOnTheSamePort() throws IOException {
    String localPort = String.format(":%04X", port());
    long sockets = Stream.of("tcp", "tcp6").flatMap(AcceptorsServiceIT::socketsOf)
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
