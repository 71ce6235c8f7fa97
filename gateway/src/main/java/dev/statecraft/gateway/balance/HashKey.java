package dev.statecraft.gateway.balance;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request that {@link RendezvousHashing} hashes: {@code client-address}, {@code target} (path and query)
 * or {@code header:NAME}. A request without the header is hashed by its client's address. Of an IPv6 address, only the
 * network counts.
 *
 * @param header name of the header; null for another part
 * @param target whether the part is path and query
 */
public record HashKey(@Nullable String header, boolean target) {
  private static final String HEADER = "header:";

  /**
   * Parses the {@code hash-key} setting.
   *
   * @throws IllegalArgumentException if the text is not a key
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
      return RoutingContext::clientNetwork;
    }
    return context -> {
      String value = context.header(name);
      return value == null ? context.clientNetwork() : value;
    };
  }
}
