package dev.statecraft.gateway.route;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds out who logs in, as far as the gateway can tell. */
final class LoginUser {
  private static final String BODY = "body:";
  private static final String HEADER = "header:";

  private LoginUser() {}

  /**
   * Returns the user, or null when the request names none: the service will say what it thinks of that.
   *
   * @param from {@code body:FIELD} or {@code header:NAME}
   */
  static @Nullable String find(String from, HttpHeaders headers, byte @Nullable [] body, JsonMapper json) {
    if (from.startsWith(HEADER)) {
      return headers.get(from.substring(HEADER.length()));
    }
    if (body == null) {
      return null;
    }
    try {
      JsonNode node = json.readTree(body).get(from.substring(BODY.length()));
      return node != null && node.isString() ? node.stringValue() : null;
    } catch (JacksonException e) {
      return null;
    }
  }
}
