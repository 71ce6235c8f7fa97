package dev.statecraft.gateway.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the target of a request so strictly that no server behind can read another path from it: what a decoder, a
 * normalizer or a remover of path parameters could turn into something else is refused.
 */
public final class RequestPath {
  private static final int LOWEST_VISIBLE = 0x21;
  private static final int HIGHEST_VISIBLE = 0x7E;
  private static final int HEX = 16;
  private static final String SCHEME_END = "://";

  private RequestPath() {}

  /** Returns the target without scheme and authority, which a client may send too (RFC 9112 section 3.2.2). */
  public static String originForm(String target) {
    if (target.startsWith("/")) {
      return target;
    }
    int authority = target.indexOf(SCHEME_END);
    int path = authority < 0 ? -1 : target.indexOf('/', authority + SCHEME_END.length());
    return path < 0 ? "/" : target.substring(path);
  }

  /** Returns the target under the prefix: {@code /shop/cart?x=1} becomes {@code /cart?x=1}. */
  public static String strip(String target, String prefix) {
    String rest = originForm(target).substring(prefix.length());
    return rest.startsWith("/") ? rest : '/' + rest;
  }

  /** Returns what is wrong with the target of a request, or null when nothing is. */
  static @Nullable String violation(String target) {
    boolean absolute = target.regionMatches(true, 0, "http://", 0, 7)
        || target.regionMatches(true, 0, "https://", 0, 8);
    if (!target.startsWith("/") && !absolute) {
      return "The target must be a path.";
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c < LOWEST_VISIBLE || c > HIGHEST_VISIBLE || c == '\\' || c == '#') {
        return "The target has a character that must be encoded.";
      }
    }
    String origin = originForm(target);
    int query = origin.indexOf('?');
    return pathViolation(query < 0 ? origin : origin.substring(0, query));
  }

  /** Returns the path as a lenient server reads it: decoded, without path parameters, in lower case. */
  public static String canonical(String target) {
    String origin = originForm(target);
    int query = origin.indexOf('?');
    String path = query < 0 ? origin : origin.substring(0, query);
    if (path.indexOf('%') < 0 && path.indexOf(';') < 0 && !path.contains("//")) {
      return path.toLowerCase(Locale.ROOT);
    }
    StringBuilder canonical = new StringBuilder();
    for (String segment : path.split("/+", -1)) {
      String plain = decoded(withoutParameters(segment));
      if (plain != null && !plain.isEmpty()) {
        canonical.append('/').append(plain.toLowerCase(Locale.ROOT));
      }
    }
    return canonical.toString();
  }

  private static @Nullable String pathViolation(String path) {
    if (path.indexOf('%') < 0 && path.indexOf("/.") < 0 && !path.startsWith("//")) {
      return null;
    }
    if (path.startsWith("//")) {
      return "The path must not begin with two slashes.";
    }
    for (String segment : path.split("/", -1)) {
      String plain = decoded(segment);
      if (plain == null) {
        return "The path has a percent sign that encodes nothing.";
      }
      for (int i = 0; i < plain.length(); i++) {
        char c = plain.charAt(i);
        if (c < LOWEST_VISIBLE - 1 || c == HIGHEST_VISIBLE + 1 || c == '/' || c == '\\') {
          return "The path has an encoded slash or control character.";
        }
        if (c == '%') {
          return "The path is encoded twice.";
        }
      }
      String name = withoutParameters(plain);
      if (name.equals(".") || name.equals("..")) {
        return "The path must not have dot segments.";
      }
    }
    return null;
  }

  private static String withoutParameters(String segment) {
    int parameters = segment.indexOf(';');
    return parameters < 0 ? segment : segment.substring(0, parameters);
  }

  /** Decodes byte by byte, which is enough to see ASCII; returns null for a percent sign without two digits. */
  private static @Nullable String decoded(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    StringBuilder plain = new StringBuilder(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c != '%') {
        plain.append(c);
        continue;
      }
      int high = i + 1 < segment.length() ? Character.digit(segment.charAt(i + 1), HEX) : -1;
      int low = i + 2 < segment.length() ? Character.digit(segment.charAt(i + 2), HEX) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      plain.append((char) (high * HEX + low));
      i += 2;
    }
    return plain.toString();
  }
}
