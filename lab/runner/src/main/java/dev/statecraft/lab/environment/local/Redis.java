package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Starts Redis servers and sends commands to them. */
final class Redis {
  private static final int TIMEOUT_MILLIS = 1_000;
  private static final int MAX_BYTES = 16_384;

  private Redis() {}

  /** The command that starts a server without persistence. */
  static List<String> command(ProcessEndpoint endpoint, int port, Path directory) throws ClusterFailure {
    return List.of(RedisServer.find(directory).executable().toString(), "--port", Integer.toString(port), "--bind",
        endpoint.address(), "--protected-mode", "no", "--save", "", "--appendonly", "no", "--dir",
        directory.toString());
  }

  /** The first 16 KiB of the answer to a command, in the Redis protocol; empty if there is none within 1 s. */
  static String ask(Node server, String command) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.address(), server.port()), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
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
