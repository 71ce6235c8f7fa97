package dev.statecraft.service.contract;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** An HTTP client on a plain socket, with which a test can stall, pipeline and disconnect. */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 100_000;

  private final Socket socket = new Socket();

  /** Connects to a local port. */
  public RawClient(int port) throws IOException {
    // Small, so that unread answers soon block the server.
    socket.setReceiveBufferSize(8_192);
    socket.setSendBufferSize(8_192);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
  }

  /** Sends text. */
  public RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes. */
  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends a GET without a body. */
  public RawClient sendGet(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
  }

  /** Reads the first line of the answer in the background. */
  public CompletableFuture<String> firstLineLater() {
    return readLater("\r\n");
  }

  /** Reads up to and including the given text in the background. */
  public CompletableFuture<String> readLater(String end) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> {
      try {
        text.complete(readTo(end));
      } catch (IOException closed) {
        text.completeExceptionally(closed);
      }
    });
    return text;
  }

  /** Reads up to and including the given text. */
  public String readTo(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
      int read = socket.getInputStream().read();
      if (read < 0) {
        throw new IOException("The connection was closed after: " + text);
      }
      text.append((char) read);
    }
    return text.toString();
  }

  /** Reads what has arrived, or waits for more; empty at the end of the stream. */
  public String readSome() throws IOException {
    byte[] bytes = new byte[8_192];
    int read = socket.getInputStream().read(bytes);
    return new String(bytes, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
  }

  /** Reads until the server closes or resets the connection, and returns the last bytes. */
  public String readToEnd() throws IOException {
    byte[] bytes = new byte[64 * 1024];
    String last = "";
    InputStream in = socket.getInputStream();
    try {
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        String now = last + new String(bytes, 0, read, StandardCharsets.ISO_8859_1);
        last = now.substring(Math.max(0, now.length() - 1_024));
      }
    } catch (SocketException reset) {
      return last;
    }
    return last;
  }

  /** Disconnects. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
