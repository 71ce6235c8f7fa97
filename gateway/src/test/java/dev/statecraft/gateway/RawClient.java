package dev.statecraft.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection, byte by byte: it repeats nothing, hides nothing and sends whatever it is given.
 */
public final class RawClient implements AutoCloseable {
  /** What came back: the status is 0 when the connection was closed without an answer. */
  public record Answer(int status, String head, String body) {
    public boolean closes() {
      return head.toLowerCase(Locale.ROOT).contains("\r\nconnection: close");
    }
  }

  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int SILENCE_MILLIS = 10_000;
  private static final String LENGTH = "\r\ncontent-length: ";

  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  public static RawClient connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    return new RawClient(socket);
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  public RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads one response whose length is told; throws when the connection ends in the middle of it. */
  public Answer answer() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        if (head.isEmpty()) {
          return new Answer(0, "", "");
        }
        throw new IOException("the connection ended within a head: " + head);
      }
      head.append((char) next);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf(LENGTH);
    int length = at < 0
        ? 0
        : Integer.parseInt(lower.substring(at + LENGTH.length(), lower.indexOf('\r', at + LENGTH.length())).strip());
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("the connection ended within a body");
    }
    return new Answer(Integer.parseInt(head.substring(9, 12)), head.toString(),
        new String(body, StandardCharsets.UTF_8));
  }

  /**
   * Reads what comes first: the end of the connection, or the head of an answer. A peer that does neither within some
   * seconds, because it waits for more, fails the test.
   */
  public String answerOrEnd() throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    StringBuilder head = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        head.append((char) next);
        if (next == '\n' && head.length() > 1 && head.charAt(head.length() - 2) == '\r') {
          break;
        }
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither refused nor closed", e);
    }
    return head.toString();
  }

  /** Returns the first bytes that come within this time, or nothing. */
  public String within(int millis) throws IOException {
    socket.setSoTimeout(millis);
    byte[] some = new byte[1024];
    try {
      int read = socket.getInputStream().read(some);
      return new String(some, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException e) {
      return "";
    }
  }

  /** Reads until the peer closes; a peer that does not is an error. */
  public String everything() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketTimeoutException e) {
      throw new IOException("the connection stays open after: " + all, e);
    } catch (IOException e) {
      // Reset: closed all the same.
      return all.toString(StandardCharsets.ISO_8859_1);
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
