package dev.statecraft.session.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A Raft group with one member; {@code ReplicatedContractIT} covers larger ones. */
class ReplicatedSecurityIT extends SecuredApplicationContract {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path directory;

  @Override
  List<String> settings(int node) {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return List.of("statecraft.session.strategy=replicated", "statecraft.node=one",
          "statecraft.session.replicated.members=one=127.0.0.1:" + free.getLocalPort(),
          "statecraft.session.replicated.directory=" + directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  int nodes() {
    return 1;
  }

  @Override
  boolean revokes() {
    return true;
  }
}
