package dev.statecraft.gateway.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy wrote in a {@code Forwarded} header (RFC 7239).
 *
 * @param node address of the proxy's client, with brackets and port if it has them
 */
record ForwardedElement(@Nullable String node, @Nullable String proto, @Nullable String host) {
  /** Parses the lines of a request, the client's element first. Malformed pairs are ignored. */
  static List<ForwardedElement> parse(List<String> lines) {
    List<ForwardedElement> elements = new ArrayList<>();
    for (String line : lines) {
      for (String element : split(line, ',')) {
        elements.add(element(element));
      }
    }
    return elements;
  }

  private static ForwardedElement element(String text) {
    String node = null;
    String proto = null;
    String host = null;
    for (String pair : split(text, ';')) {
      int equals = pair.indexOf('=');
      String value = equals < 0 ? "" : unquote(pair.substring(equals + 1).strip());
      switch (equals < 0 ? "" : pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
        case "for" -> node = value;
        case "proto" -> proto = value;
        case "host" -> host = value;
        default -> {
          // Parameter "by" and extensions are of no use here.
        }
      }
    }
    return new ForwardedElement(node, proto, host);
  }

  /** Splits a text at a separator that is not in a quoted string. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static String unquote(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1).replace("\\", "") : value;
  }
}
