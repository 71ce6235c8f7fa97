package dev.statecraft.stateless.concurrency;

import dev.statecraft.stateless.NodeProperties;
import dev.statecraft.stateless.client.WatchableProtocol.Shortcut;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Answers 503 to the plainest of requests, and keeps the connection. Tomcat ends it after each 503, so a client that is
 * refused makes a new one, and for service and client that costs more than all the rest of the refusal: a service that
 * is asked for twice what it can do would spend a third of its time on telling so. Whatever is not a whole GET of
 * HTTP/1.1 without a body is left to Tomcat and {@link ShedValve}. Thread-safe.
 */
@Component
final class FastRejectResponse implements Shortcut {
  static final String PROBLEM = """
      {"title":"Service Unavailable","status":503,"detail":"All threads are busy; try again in a second."}""";

  private static final String END = "\r\n\r\n";
  /** What may tell of a body, or of another use of the connection. */
  private static final List<String> SPECIAL = List.of("content-length", "transfer-encoding", "expect", "upgrade");

  private final byte[] answer;
  private final Counter shed;

  FastRejectResponse(NodeProperties node, ConcurrencyProperties properties, MeterRegistry registry) {
    this.shed = Counter.builder("concurrency.shed").description("Requests answered 503 for want of room")
        .tag("model", properties.concurrency()).register(registry);
    this.answer = ("HTTP/1.1 503 \r\nX-Served-By: " + node.node() + "\r\nRetry-After: 1\r\n"
        + "Content-Type: application/problem+json\r\nContent-Length: " + PROBLEM.length() + END + PROBLEM)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Counts the requests that are told 503, in whichever way. */
  Counter shed() {
    return shed;
  }

  @Override
  public @Nullable SocketState service(SocketWrapperBase<?> connection) throws IOException {
    // No more than can be put back.
    ByteBuffer read = ByteBuffer.allocate(ModelServer.BUFFER_BYTES);
    if (connection.read(false, read) <= 0) {
      return null;
    }
    read.flip();
    if (!isPlain(StandardCharsets.ISO_8859_1.decode(read.duplicate()).toString())
        || connection.decrementKeepAlive() <= 0) {
      connection.unRead(read);
      return null;
    }
    shed.increment();
    connection.write(false, ByteBuffer.wrap(answer));
    // Who does not read its answers is not waited for.
    return connection.flush(false) ? SocketState.CLOSED : SocketState.OPEN;
  }

  /** Whether this is one whole request that can be refused by what it begins with. */
  static boolean isPlain(String request) {
    String head = request.toLowerCase(Locale.ROOT);
    int line = request.indexOf("\r\n");
    return request.startsWith("GET /") && !request.startsWith("GET /actuator/")
        && request.startsWith(" HTTP/1.1", line - " HTTP/1.1".length())
        && request.indexOf(END) == request.length() - END.length() && SPECIAL.stream().noneMatch(head::contains)
        && (!head.contains("\nconnection") || head.contains("\nconnection: keep-alive\r\n"));
  }
}
