package dev.statecraft.gateway.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parses the target of a request. Rejects every target that another server could resolve to a different path: by
 * decoding, by normalization, or by removal of path parameters.
 */
public final class RequestPath {
  private static final int MIN_VISIBLE = 0x21;
  private static final int MAX_VISIBLE = 0x7E;
  private static final int HEX_RADIX = 16;
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

  /** Removes the prefix: {@code /shop/cart?x=1} becomes {@code /cart?x=1}. */
  public static String strip(String target, String prefix) {
    String rest = originForm(target).substring(prefix.length());
    return rest.startsWith("/") ? rest : '/' + rest;
  }

  /** Tells whether the target is the path, or below it. */
  public static boolean isBelow(String target, String path) {
    return target.startsWith(path)
        && (target.length() == path.length() || "/?".indexOf(target.charAt(path.length())) >= 0);
  }

  /** Returns the target up to its query. */
  public static String withoutQuery(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Returns why the target is invalid, or null if it is valid. */
  static @Nullable String problem(String target) {
    boolean absolute = target.regionMatches(true, 0, "http://", 0, 7)
        || target.regionMatches(true, 0, "https://", 0, 8);
    if (!target.startsWith("/") && !absolute) {
      return "The target must be a path or an http URL.";
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c < MIN_VISIBLE || c > MAX_VISIBLE || c == '\\' || c == '#') {
        return "The target has a character that must be percent-encoded.";
      }
    }
    return pathProblem(withoutQuery(originForm(target)));
  }

  /** Returns the path as a lenient server would resolve it: decoded, without path parameters, in lower case. */
  public static String canonical(String target) {
    String path = withoutQuery(originForm(target));
    if (path.indexOf('%') < 0 && path.indexOf(';') < 0 && !path.contains("//")) {
      return path.toLowerCase(Locale.ROOT);
    }
    StringBuilder canonical = new StringBuilder();
    for (String segment : path.split("/+", -1)) {
      String decoded = decode(removeParameters(segment));
      if (decoded != null && !decoded.isEmpty()) {
        canonical.append('/').append(decoded.toLowerCase(Locale.ROOT));
      }
    }
    return canonical.toString();
  }

  private static @Nullable String pathProblem(String path) {
    if (path.indexOf('%') < 0 && path.indexOf("/.") < 0 && !path.startsWith("//")) {
      return null;
    }
    if (path.startsWith("//")) {
      return "The path must not start with two slashes.";
    }
    for (String segment : path.split("/", -1)) {
      String decoded = decode(segment);
      if (decoded == null) {
        return "The path has a percent sign without two hexadecimal digits.";
      }
      for (int i = 0; i < decoded.length(); i++) {
        char c = decoded.charAt(i);
        if (c < MIN_VISIBLE - 1 || c == MAX_VISIBLE + 1 || c == '/' || c == '\\') {
          return "The path has an encoded slash or control character.";
        }
        if (c == '%') {
          return "The path is encoded twice.";
        }
      }
      String name = removeParameters(decoded);
      if (name.equals(".") || name.equals("..")) {
        return "The path must not have dot segments.";
      }
    }
    return null;
  }

  private static String removeParameters(String segment) {
    int parameters = segment.indexOf(';');
    return parameters < 0 ? segment : segment.substring(0, parameters);
  }

  /** Decodes each byte to one character. Returns null for a percent sign without two hexadecimal digits. */
  private static @Nullable String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    StringBuilder decoded = new StringBuilder(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c != '%') {
        decoded.append(c);
        continue;
      }
      int high = i + 1 < segment.length() ? Character.digit(segment.charAt(i + 1), HEX_RADIX) : -1;
      int low = i + 2 < segment.length() ? Character.digit(segment.charAt(i + 2), HEX_RADIX) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      decoded.append((char) (high * HEX_RADIX + low));
      i += 2;
    }
    return decoded.toString();
  }
}
