package dev.statecraft.lab.load;

import java.net.HttpCookie;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The cookies of one simulated user on one host, as in a browser (RFC 6265): name and path identify a cookie; it is
 * sent to its path and below until its Max-Age or Expires. The {@code Secure} attribute is ignored, because the lab
 * uses plain HTTP on the loopback interface. Thread-safe: the tabs of a browser share a jar.
 */
public final class CookieJar {
  private final InstantSource clock;
  private final Map<Key, Cookie> cookies = new HashMap<>();
  private final Map<Key, Cookie> original;

  CookieJar(InstantSource clock) {
    this(clock, Map.of());
  }

  private CookieJar(InstantSource clock, Map<Key, Cookie> original) {
    this.clock = clock;
    this.original = original;
    cookies.putAll(original);
  }

  /** An independent jar with the same cookies. */
  synchronized CookieJar copy() {
    return new CookieJar(clock, Map.copyOf(cookies));
  }

  /** Applies the changes that a copy received after it was made. */
  void merge(CookieJar copy) {
    copy.changes().forEach(this::put);
  }

  /** The cookies that differ from the original ones; empty for a removed cookie. */
  private synchronized Map<Key, Optional<Cookie>> changes() {
    Map<Key, Optional<Cookie>> changes = new HashMap<>();
    cookies.forEach((key, cookie) -> {
      if (!cookie.equals(original.get(key))) {
        changes.put(key, Optional.of(cookie));
      }
    });
    original.keySet().stream().filter(key -> !cookies.containsKey(key))
        .forEach(key -> changes.put(key, Optional.empty()));
    return changes;
  }

  private synchronized void put(Key key, Optional<Cookie> cookie) {
    cookie.ifPresentOrElse(present -> cookies.put(key, present), () -> cookies.remove(key));
  }

  /** Stores the {@code Set-Cookie} headers of an answer. A malformed one is ignored, as in a browser. */
  synchronized void accept(List<String> setCookies, String requestPath) {
    for (String header : setCookies) {
      for (HttpCookie cookie : parse(header)) {
        String path = cookie.getPath();
        Key key = new Key(cookie.getName(), path == null || !path.startsWith("/") ? defaultPath(requestPath) : path);
        if (cookie.getMaxAge() == 0) {
          cookies.remove(key);
        } else {
          cookies.put(key, new Cookie(cookie.getValue(), expiry(cookie.getMaxAge())));
        }
      }
    }
  }

  /** The {@code Cookie} header for a request, longest path first; empty if there is none to send. */
  synchronized String header(String requestPath) {
    Instant now = clock.instant();
    cookies.values().removeIf(cookie -> !cookie.expires().isAfter(now));
    return cookies.entrySet().stream().filter(entry -> pathMatches(entry.getKey().path(), requestPath))
        .sorted(Comparator.<Map.Entry<Key, Cookie>>comparingInt(entry -> -entry.getKey().path().length())
            .thenComparing(entry -> entry.getKey().name()))
        .map(entry -> entry.getKey().name() + "=" + entry.getValue().value()).collect(Collectors.joining("; "));
  }

  private Instant expiry(long maxAgeSeconds) {
    return maxAgeSeconds < 0 ? Instant.MAX : clock.instant().plusSeconds(maxAgeSeconds);
  }

  private static List<HttpCookie> parse(String header) {
    try {
      return HttpCookie.parse(header);
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static String defaultPath(String requestPath) {
    int slash = requestPath.lastIndexOf('/');
    return slash <= 0 ? "/" : requestPath.substring(0, slash);
  }

  private static boolean pathMatches(String path, String requestPath) {
    return requestPath.equals(path)
        || (requestPath.startsWith(path) && (path.endsWith("/") || requestPath.charAt(path.length()) == '/'));
  }

  private record Key(String name, String path) {}

  private record Cookie(String value, Instant expires) {}
}
