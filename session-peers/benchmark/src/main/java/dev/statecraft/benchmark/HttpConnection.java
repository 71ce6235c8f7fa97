package dev.statecraft.benchmark;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive HTTP/1.1 connection on loopback. It reads answers and keeps nothing of them but status and cookie, so
 * that the client uses little of the processor that it shares with the service. Not thread-safe.
 */
final class HttpConnection implements Closeable {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int MAX_LINE_BYTES = 16_384;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  HttpConnection(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /**
   * The answer to a request.
   *
   * @param cookie {@code name=value} that the answer sets, or an empty string
   */
  record Answer(int status, String cookie) {}

  static String request(String requestLine, String cookie, String body) {
    return requestLine + "\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length + (cookie.isEmpty() ? "" : "\r\nCookie: " + cookie)
        + "\r\n\r\n" + body;
  }

  Answer exchange(String request) throws IOException {
    out.write(request.getBytes(StandardCharsets.UTF_8));
    out.flush();
    String status = line();
    String cookie = "";
    long length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String value = valueIf(header, "content-length:");
      if (value != null) {
        length = Long.parseLong(value);
      }
      value = valueIf(header, "set-cookie:");
      if (value != null) {
        cookie = value.split(";", 2)[0];
      }
      value = valueIf(header, "transfer-encoding:");
      chunked |= value != null && value.equalsIgnoreCase("chunked");
    }
    if (chunked) {
      skipChunks();
    } else {
      in.skipNBytes(length);
    }
    return new Answer(Integer.parseInt(status.split(" ", 3)[1]), cookie);
  }

  private void skipChunks() throws IOException {
    for (long size = chunkSize(); size > 0; size = chunkSize()) {
      in.skipNBytes(size + 2);
    }
    line();
  }

  private long chunkSize() throws IOException {
    return Long.parseLong(line().split(";", 2)[0].strip(), 16);
  }

  private static @Nullable String valueIf(String header, String name) {
    return header.toLowerCase(Locale.ROOT).startsWith(name) ? header.substring(name.length()).strip() : null;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() == MAX_LINE_BYTES) {
        throw new EOFException("The service closed the connection or sent a line of more than "
            + MAX_LINE_BYTES + " bytes");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
