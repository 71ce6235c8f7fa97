package dev.statecraft.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A layer 4 load balancer: one address in front of several servers. It sends each connection to a server that is ready,
 * and does not look at its bytes.
 */
public final class LayerFourBalancer implements AutoCloseable {
  private final ServerSocket listener;
  private final List<Integer> ports = new CopyOnWriteArrayList<>();
  private final AtomicInteger next = new AtomicInteger();

  public LayerFourBalancer() throws IOException {
    listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Adds a server; it gets connections while its readiness answers 200. */
  public void add(int port) {
    ports.add(port);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    int first = next.getAndIncrement();
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(Math.floorMod(first + i, ports.size()));
      if (isReady(port)) {
        try {
          Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
          server.setTcpNoDelay(true);
          client.setTcpNoDelay(true);
          Thread.ofVirtual().start(() -> pipe(client, server));
          Thread.ofVirtual().start(() -> pipe(server, client));
          return;
        } catch (IOException e) {
          // Tries the next server.
        }
      }
    }
    close(client);
  }

  private static boolean isReady(int port) {
    try (RawClient probe = RawClient.connect(port)) {
      return probe.send("GET /actuator/health/readiness HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n")
          .readAll().startsWith("HTTP/1.1 200 ");
    } catch (IOException e) {
      return false;
    }
  }

  private static void pipe(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // One side has closed.
    }
    close(to);
    close(from);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
