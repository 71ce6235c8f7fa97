package dev.statecraft.session.attribute;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes credentials of the client that Spring Security copies into a session and never reads there: all cookies, in a
 * saved request, and the session's id from before the login. With the strategy {@code cookie} both contain the previous
 * state of the same session, which would soon exceed the size of a cookie.
 */
final class StoredCredentials {
  private static final String SECURITY = "org.springframework.security.";
  private static final String SAVED_REQUEST = SECURITY + "web.savedrequest.DefaultSavedRequest";
  private static final String DETAILS = SECURITY + "web.authentication.WebAuthenticationDetails";
  /** A longer id is a token; a UUID is no longer valid after the login. */
  private static final int MAX_ID_LENGTH = 64;

  private StoredCredentials() {}

  static boolean mayBeIn(Object value) {
    return value.getClass().getName().startsWith(SECURITY);
  }

  /** Removes them from JSON, which is modified, and returns it. */
  static JsonNode removedFrom(JsonNode json) {
    if (json instanceof ObjectNode object) {
      String type = object.path("@class").asString("");
      if (type.equals(SAVED_REQUEST)) {
        removeCookies(object);
      } else if (type.equals(DETAILS) && object.path("sessionId").asString("").length() > MAX_ID_LENGTH) {
        object.remove("sessionId");
      }
    }
    json.forEach(StoredCredentials::removedFrom);
    return json;
  }

  private static void removeCookies(ObjectNode request) {
    if (request.get("headers") instanceof ObjectNode headers) {
      List.copyOf(headers.propertyNames()).stream().filter("cookie"::equalsIgnoreCase).forEach(headers::remove);
    }
    if (request.get("cookies") instanceof ArrayNode cookies) {
      // A list is written as an array of its class and its elements, or as its elements alone.
      ArrayNode elements = cookies.size() == 2 && cookies.get(1) instanceof ArrayNode typed ? typed : cookies;
      elements.removeAll();
    }
  }
}
