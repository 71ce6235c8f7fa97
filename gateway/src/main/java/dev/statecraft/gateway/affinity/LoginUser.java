package dev.statecraft.gateway.affinity;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the name of the user in a login request. */
public final class LoginUser {
  private static final String BODY = "body:";
  private static final String HEADER = "header:";

  private LoginUser() {}

  /**
   * Returns the user, or null if the request names none; the service decides about such a login.
   *
   * @param from {@code body:FIELD} or {@code header:NAME}
   */
  public static @Nullable String find(String from, HttpHeaders headers, byte @Nullable [] body, JsonMapper json) {
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
