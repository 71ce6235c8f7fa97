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
 * The cookies of one simulated user, kept as a browser keeps them (RFC 6265) on one host: a cookie is known by its name
 * and path, goes out to that path and below, and dies at its Max-Age or Expires. {@code Secure} is not looked at: the
 * lab speaks plain HTTP on the loopback. Thread-safe: the tabs of a browser share it.
 */
public final class CookieJar {
  private final InstantSource clock;
  private final Map<Key, Kept> kept = new HashMap<>();
  private final Map<Key, Kept> copied;

  CookieJar(InstantSource clock) {
    this(clock, Map.of());
  }

  private CookieJar(InstantSource clock, Map<Key, Kept> copied) {
    this.clock = clock;
    this.copied = copied;
    kept.putAll(copied);
  }

  /** A jar of its own with the same cookies. */
  synchronized CookieJar copy() {
    return new CookieJar(clock, Map.copyOf(kept));
  }

  /** Takes over what has changed in a copy since it was made, as if the answers to the copy had come here. */
  void adopt(CookieJar copy) {
    copy.changes().forEach(this::put);
  }

  /** Each cookie that is not as it was copied; nothing for one that is gone. */
  private synchronized Map<Key, Optional<Kept>> changes() {
    Map<Key, Optional<Kept>> changes = new HashMap<>();
    kept.forEach((key, cookie) -> {
      if (!cookie.equals(copied.get(key))) {
        changes.put(key, Optional.of(cookie));
      }
    });
    copied.keySet().stream().filter(key -> !kept.containsKey(key)).forEach(key -> changes.put(key, Optional.empty()));
    return changes;
  }

  private synchronized void put(Key key, Optional<Kept> cookie) {
    cookie.ifPresentOrElse(present -> kept.put(key, present), () -> kept.remove(key));
  }

  /** Takes in the {@code Set-Cookie} headers of an answer; an unreadable one is dropped, as a browser does. */
  synchronized void accept(List<String> setCookies, String requestPath) {
    for (String header : setCookies) {
      for (HttpCookie cookie : parse(header)) {
        String path = cookie.getPath();
        Key key = new Key(cookie.getName(), path == null || !path.startsWith("/") ? parentOf(requestPath) : path);
        if (cookie.getMaxAge() == 0) {
          kept.remove(key);
        } else {
          kept.put(key, new Kept(cookie.getValue(), expiry(cookie.getMaxAge())));
        }
      }
    }
  }

  /** The {@code Cookie} header for a request, longest path first; empty where no cookie goes out. */
  synchronized String header(String requestPath) {
    Instant now = clock.instant();
    kept.values().removeIf(cookie -> !cookie.expires().isAfter(now));
    return kept.entrySet().stream().filter(entry -> covers(entry.getKey().path(), requestPath))
        .sorted(Comparator.<Map.Entry<Key, Kept>>comparingInt(entry -> -entry.getKey().path().length())
            .thenComparing(entry -> entry.getKey().name()))
        .map(entry -> entry.getKey().name() + "=" + entry.getValue().value()).collect(Collectors.joining("; "));
  }

  private Instant expiry(long maximumAgeSeconds) {
    return maximumAgeSeconds < 0 ? Instant.MAX : clock.instant().plusSeconds(maximumAgeSeconds);
  }

  private static List<HttpCookie> parse(String header) {
    try {
      return HttpCookie.parse(header);
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static String parentOf(String requestPath) {
    int slash = requestPath.lastIndexOf('/');
    return slash <= 0 ? "/" : requestPath.substring(0, slash);
  }

  private static boolean covers(String path, String requestPath) {
    return requestPath.equals(path)
        || (requestPath.startsWith(path) && (path.endsWith("/") || requestPath.charAt(path.length()) == '/'));
  }

  private record Key(String name, String path) {}

  private record Kept(String value, Instant expires) {}
}
