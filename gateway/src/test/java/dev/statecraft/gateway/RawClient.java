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

/** One HTTP/1.1 connection that sends exactly the given bytes, and neither retries nor hides anything. */
public final class RawClient implements AutoCloseable {
  /** A response. The status is 0 if the connection was closed without one. */
  public record Response(int status, String head, String body) {
    public boolean closes() {
      return head.toLowerCase(Locale.ROOT).contains("\r\nconnection: close");
    }
  }

  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int MAX_SILENCE_MILLIS = 10_000;
  private static final String LENGTH = "\r\ncontent-length: ";

  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  public static RawClient connect(int port) throws IOException {
    return connect(port, new Socket());
  }

  /** Connects with a receive buffer of this size. */
  public static RawClient connect(int port, int receiveBytes) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(receiveBytes);
    return connect(port, socket);
  }

  /** Connects from this address of the loopback network. */
  public static RawClient connectFrom(String address, int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    return connect(port, socket);
  }

  private static RawClient connect(int port, Socket socket) throws IOException {
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

  /** Reads one response with a Content-Length. Throws if the connection ends before the response does. */
  public Response readResponse() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        if (head.isEmpty()) {
          return new Response(0, "", "");
        }
        throw new IOException("the connection ended in the headers: " + head);
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
      throw new IOException("the connection ended in the body");
    }
    return new Response(Integer.parseInt(head.substring(9, 12)), head.toString(),
        new String(body, StandardCharsets.UTF_8));
  }

  /**
   * Reads the status line of a response, or an empty text if the connection ends first. Fails the test if the peer does
   * neither within 10 s, because it waits for more bytes.
   */
  public String readStatusLineOrEnd() throws IOException {
    socket.setSoTimeout(MAX_SILENCE_MILLIS);
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
      throw new AssertionError("neither rejected nor closed", e);
    }
    return head.toString();
  }

  /** Reads until this text arrives, and returns all that was read. Throws if the connection ends before. */
  public String readUntil(String text) throws IOException {
    StringBuilder all = new StringBuilder();
    while (all.indexOf(text) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("the connection ended after: " + all);
      }
      all.append((char) next);
    }
    return all.toString();
  }

  /** Reads so many bytes. Throws if the connection ends before. */
  public String readBytes(int length) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("the connection ended after " + bytes.length + " bytes");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Returns the first bytes that arrive within this time; empty if there are none. */
  public String readWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    byte[] some = new byte[1024];
    try {
      int read = socket.getInputStream().read(some);
      return new String(some, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException e) {
      return "";
    } finally {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  /** Reads until the peer closes the connection. Throws if it stays open. */
  public String readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketTimeoutException e) {
      throw new IOException("the connection is still open after: " + all, e);
    } catch (IOException e) {
      // A reset also closes the connection.
      return all.toString(StandardCharsets.ISO_8859_1);
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
