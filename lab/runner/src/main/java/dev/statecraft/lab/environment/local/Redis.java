package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server from the binary in a jar: no Docker, nothing to install. It listens where this machine alone reaches
 * it and writes nothing to disk, so what it holds ends with it; the strategy under test claims no more.
 */
final class Redis {
  private static final int DEADLINE_MILLIS = 1_000;
  private static final int MAX_BYTES = 16_384;

  private Redis() {}

  /** The command that starts it; the binary is put into {@code directory}. */
  static List<String> command(ProcessEndpoint place, int port, Path directory) throws ClusterFailure {
    return List.of(executable(directory), "--port", Integer.toString(port), "--bind", place.address(),
        "--protected-mode", "no", "--save", "", "--appendonly", "no", "--dir", directory.toString());
  }

  /** Puts the binary into {@code directory}. */
  static String executable(Path directory) throws ClusterFailure {
    try {
      File executable = ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
      return executable.getPath();
    } catch (IOException | RuntimeException e) {
      throw new ClusterFailure("there is no embedded Redis for this kind of machine: " + e.getMessage(), e);
    }
  }

  /** Whether it answers a PING. */
  static boolean answers(Node server) {
    return ask(server, "PING").startsWith("+PONG");
  }

  /** The beginning of its answer to a command, as the protocol writes it; empty where there is none in time. */
  static String ask(Node server, String command) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.address(), server.port()), DEADLINE_MILLIS);
      socket.setSoTimeout(DEADLINE_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }
}
