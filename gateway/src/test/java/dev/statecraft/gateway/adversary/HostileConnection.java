package dev.statecraft.gateway.adversary;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** One TCP connection of a hostile client, which sends and reads exactly what it is told to. */
final class HostileConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int MAX_WAIT_MILLIS = 200;
  private static final int STALL_MILLIS = 50_000;

  private final Socket socket = new Socket();
  private final BooleanSupplier stopped;

  /**
   * Connects.
   *
   * @param receiveBytes size of the receive buffer; 0 for the system's default
   * @param stopped tells whether the attack is over
   */
  HostileConnection(int port, int receiveBytes, BooleanSupplier stopped) throws IOException {
    this.stopped = stopped;
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
  }

  HostileConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  HostileConnection send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends a text one byte at a time, with a pause after each. Returns early if the attack is over. */
  void sendSlowly(String text, int pauseMillis) throws IOException {
    for (int i = 0; i < text.length() && !stopped.getAsBoolean(); i++) {
      send(text.substring(i, i + 1)).pause(pauseMillis);
    }
  }

  /** Reads one byte after each pause, until the gateway closes the connection or the attack is over. */
  void readSlowly(int pauseMillis) throws IOException {
    InputStream in = socket.getInputStream();
    socket.setSoTimeout(MAX_WAIT_MILLIS);
    while (!stopped.getAsBoolean()) {
      try {
        if (in.read() < 0) {
          return;
        }
      } catch (SocketTimeoutException nothing) {
        // The gateway has sent nothing yet.
      }
      pause(pauseMillis);
    }
  }

  /** Neither sends nor reads, until the thread is interrupted or the gateway must have closed the connection. */
  void stall() throws InterruptedException {
    Pause.millis(STALL_MILLIS);
  }

  /** Sends nothing, and reads until the gateway closes the connection or the attack is over. */
  void readToEnd() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] some = new byte[1024];
    socket.setSoTimeout(MAX_WAIT_MILLIS);
    while (!stopped.getAsBoolean()) {
      try {
        if (in.read(some) < 0) {
          return;
        }
      } catch (SocketTimeoutException nothing) {
        // The gateway keeps the connection open.
      }
    }
  }

  void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Makes {@link #close} reset the connection. */
  void resetAtClose() throws IOException {
    socket.setSoLinger(true, 0);
  }

  private void pause(int millis) throws IOException {
    try {
      Pause.millis(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
