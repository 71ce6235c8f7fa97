package dev.statecraft.gateway.balance;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a hashing rule takes from a request: {@code client-address}, {@code target} (path and query) or
 * {@code header:NAME}. Where the header is missing, the client's address stands in.
 */
public record HashKey(@Nullable String header, boolean target) {
  private static final String HEADER = "header:";

  /**
   * Reads a key as the configuration writes it.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static HashKey parse(String text) {
    return switch (text) {
      case "client-address" -> new HashKey(null, false);
      case "target" -> new HashKey(null, true);
      default -> {
        if (!text.startsWith(HEADER) || text.length() == HEADER.length()) {
          throw new IllegalArgumentException("must be client-address, target or header:NAME");
        }
        yield new HashKey(text.substring(HEADER.length()), false);
      }
    };
  }

  Function<RoutingContext, String> reader() {
    if (target) {
      return RoutingContext::target;
    }
    String name = header;
    if (name == null) {
      return RoutingContext::clientAddress;
    }
    return facts -> {
      String value = facts.header(name);
      return value == null ? facts.clientAddress() : value;
    };
  }
}
