package dev.statecraft.gateway.affinity;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds and removes cookies by name in {@code Cookie} header lines (RFC 6265 section 4.2.1), and leaves other cookies
 * as they are. A request may have several lines (RFC 9113 section 8.2.3), and a line may have a name more than once.
 */
public final class CookieHeader {
  private CookieHeader() {}

  /** Returns the values of all cookies with this name, in order. */
  static List<String> values(List<String> lines, String name) {
    List<String> values = new ArrayList<>();
    for (String line : lines) {
      if (line.contains(name)) {
        for (String cookie : line.split(";", -1)) {
          if (isNamed(cookie, name)) {
            values.add(cookie.substring(cookie.indexOf('=') + 1).strip());
          }
        }
      }
    }
    return values;
  }

  /** Returns the cookies with other names in one line; empty if there are none. */
  public static String without(List<String> lines, String name) {
    List<String> others = new ArrayList<>();
    for (String line : lines) {
      for (String cookie : line.split(";", -1)) {
        if (!isNamed(cookie, name) && !cookie.isBlank()) {
          others.add(cookie.strip());
        }
      }
    }
    return String.join("; ", others);
  }

  private static boolean isNamed(String cookie, String name) {
    String stripped = cookie.strip();
    return stripped.startsWith(name) && stripped.startsWith("=", name.length());
  }
}
