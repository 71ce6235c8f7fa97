package dev.statecraft.gateway.route;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who logs in, as far as the gateway can tell. The body of the login is read for it, and kept, because a service must get
 * it too.
 *
 * @param user null when the request names none: the service will say what it thinks of that
 * @param body null when it was not read
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once and never compared
record LoginUser(@Nullable String user, byte @Nullable [] body) {
  private static final String BODY = "body:";
  private static final String HEADER = "header:";
  private static final int LARGEST_BODY = 16 * 1024;

  /** Reads the user from the place that {@code from} names. */
  static Mono<LoginUser> read(HttpServerRequest request, String from, boolean hasBody, JsonMapper json) {
    if (from.startsWith(HEADER)) {
      return Mono.just(new LoginUser(request.requestHeaders().get(from.substring(HEADER.length())), null));
    }
    if (!hasBody) {
      return Mono.just(new LoginUser(null, null));
    }
    String field = from.substring(BODY.length());
    return bytes(request).map(body -> new LoginUser(user(body, field, json), body));
  }

  private static Mono<byte[]> bytes(HttpServerRequest request) {
    List<byte[]> parts = new ArrayList<>();
    int[] size = {0};
    return request.receive().map((ByteBuf part) -> {
      size[0] += part.readableBytes();
      if (size[0] > LARGEST_BODY) {
        throw new GatewayProblem(HttpStatus.CONTENT_TOO_LARGE,
            "A login has at most " + LARGEST_BODY + " bytes here.", false);
      }
      return parts.add(ByteBufUtil.getBytes(part));
    }).then(Mono.fromSupplier(() -> {
      byte[] whole = new byte[size[0]];
      int at = 0;
      for (byte[] part : parts) {
        System.arraycopy(part, 0, whole, at, part.length);
        at += part.length;
      }
      return whole;
    }));
  }

  private static @Nullable String user(byte[] body, String field, JsonMapper json) {
    try {
      JsonNode node = json.readTree(body).get(field);
      return node != null && node.isString() ? node.stringValue() : null;
    } catch (JacksonException e) {
      return null;
    }
  }
}
