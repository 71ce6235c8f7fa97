package dev.statecraft.session.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Forwards TCP connections to a local port. It can stop to forward those that exist, without closing them. */
final class SilentProxy implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile AtomicBoolean silent = new AtomicBoolean();
  private volatile int target;

  SilentProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Sends new connections to another port. */
  void retarget(int port) {
    target = port;
  }

  /** Forwards nothing more on the connections that exist; new ones work. */
  void silence() {
    silent.set(true);
    silent = new AtomicBoolean();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket redis = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.addAll(List.of(client, redis));
        AtomicBoolean silenced = silent;
        Thread.ofVirtual().start(() -> forward(client, redis, silenced));
        Thread.ofVirtual().start(() -> forward(redis, client, silenced));
      } catch (IOException e) {
        Thread.onSpinWait(); // The proxy is closed, or the target does not listen.
      }
    }
  }

  private static void forward(Socket from, Socket to, AtomicBoolean silenced) {
    byte[] buffer = new byte[8_192];
    try {
      for (int read = from.getInputStream().read(buffer); read >= 0; read = from.getInputStream().read(buffer)) {
        if (!silenced.get()) {
          to.getOutputStream().write(buffer, 0, read);
        }
      }
      if (!silenced.get()) {
        to.close();
      }
    } catch (IOException e) {
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(SilentProxy::close);
  }
}
