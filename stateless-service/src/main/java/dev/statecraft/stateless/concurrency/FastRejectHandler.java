package dev.statecraft.stateless.concurrency;

import dev.statecraft.service.admission.OverloadResponse;
import dev.statecraft.stateless.client.ClientAwareProtocol.PreParseHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Answers 503 to simple requests before Tomcat parses them, and keeps the connection open. Tomcat closes the connection
 * after each 503, and the new connection costs client and service more than the rest of the rejection. Simple is a
 * complete HTTP/1.1 GET without a body; {@link LoadSheddingValve} rejects the others. Thread-safe.
 */
@Component
final class FastRejectHandler implements PreParseHandler {
  private static final String END = "\r\n\r\n";
  private static final String VERSION = " HTTP/1.1";

  private final OverloadResponse overload;
  private final byte[] response;

  FastRejectHandler(OverloadResponse overload) {
    this.overload = overload;
    String headers = overload.headers().entrySet().stream().map(header -> header.getKey() + ": " + header.getValue())
        .collect(Collectors.joining("\r\n"));
    byte[] head = ("HTTP/1.1 503 \r\n" + headers + END).getBytes(StandardCharsets.ISO_8859_1);
    byte[] body = overload.body();
    this.response = ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }

  @Override
  public @Nullable SocketState handle(SocketWrapperBase<?> connection) throws IOException {
    // As many bytes as Tomcat's buffer can take back.
    ByteBuffer request = ByteBuffer.allocate(ConcurrencyModelCustomizer.BUFFER_BYTES);
    if (connection.read(false, request) <= 0) {
      return null;
    }
    request.flip();
    if (!isSimple(StandardCharsets.ISO_8859_1.decode(request.duplicate()).toString())
        || connection.decrementKeepAlive() <= 0) {
      connection.unRead(request);
      return null;
    }
    overload.count();
    connection.write(false, ByteBuffer.wrap(response));
    // A client that does not read its responses is disconnected.
    return connection.flush(false) ? SocketState.CLOSED : SocketState.OPEN;
  }

  /** Tells whether these bytes are exactly one request that can be rejected without parsing it. */
  static boolean isSimple(String request) {
    String lowerCase = request.toLowerCase(Locale.ROOT);
    int lineEnd = request.indexOf("\r\n");
    return request.startsWith("GET /") && !OverloadResponse.isExempt(request.substring("GET ".length()))
        && request.startsWith(VERSION, lineEnd - VERSION.length())
        && request.indexOf(END) == request.length() - END.length()
        && OverloadResponse.SPECIAL_REQUEST_HEADERS.stream().noneMatch(lowerCase::contains)
        && (!lowerCase.contains("\nconnection") || lowerCase.contains("\nconnection: keep-alive\r\n"));
  }
}
