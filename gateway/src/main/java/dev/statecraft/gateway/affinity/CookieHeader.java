package dev.statecraft.gateway.affinity;

import org.jspecify.annotations.Nullable;

/** Finds and removes one cookie in a {@code Cookie} header (RFC 6265 section 4.2.1) without parsing the others. */
public final class CookieHeader {
  private CookieHeader() {}

  /** Returns the value of the first cookie of that name, or null. */
  public static @Nullable String value(String header, String name) {
    int start = start(header, name, 0);
    return start < 0 ? null : header.substring(start + name.length() + 1, end(header, start)).strip();
  }

  /** Returns the header without any cookie of that name; empty when no other is left. */
  public static String without(String header, String name) {
    String rest = header;
    for (int start = start(rest, name, 0); start >= 0; start = start(rest, name, 0)) {
      int end = end(rest, start);
      String before = rest.substring(0, start).strip();
      String after = end < rest.length() ? rest.substring(end + 1).strip() : "";
      if (after.isEmpty() && before.endsWith(";")) {
        before = before.substring(0, before.length() - 1);
      }
      rest = before.isEmpty() ? after : after.isEmpty() ? before : before + ' ' + after;
    }
    return rest;
  }

  private static int start(String header, String name, int from) {
    int at = header.indexOf(name, from);
    while (at >= 0) {
      int after = at + name.length();
      if (after < header.length() && header.charAt(after) == '=' && beginsCookie(header, at)) {
        return at;
      }
      at = header.indexOf(name, at + 1);
    }
    return -1;
  }

  private static boolean beginsCookie(String header, int at) {
    int before = at - 1;
    while (before >= 0 && (header.charAt(before) == ' ' || header.charAt(before) == '\t')) {
      before--;
    }
    return before < 0 || header.charAt(before) == ';';
  }

  private static int end(String header, int start) {
    int end = header.indexOf(';', start);
    return end < 0 ? header.length() : end;
  }
}
