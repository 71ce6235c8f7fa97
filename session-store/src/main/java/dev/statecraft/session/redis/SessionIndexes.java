package dev.statecraft.session.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Two indexes of the sessions in Redis: all by the time at which they expire, and those of each user. Entries carry
 * times by the clock of Redis, so that a wrong clock of a node ends no session. Thread-safe.
 */
final class SessionIndexes {
  private static final Logger log = LoggerFactory.getLogger(SessionIndexes.class);
  private static final int MAX_DUE = 200;
  /** The index of all sessions stays for a month after the last login; then no session is left that it could miss. */
  private static final Duration EXPIRATIONS_TIMEOUT = SessionHash.keyTimeout(Duration.ofDays(30));

  private final RedisScripts scripts;
  private final RedisKeys keys;

  SessionIndexes(RedisScripts scripts, RedisKeys keys) {
    this.scripts = scripts;
    this.keys = keys;
  }

  /** Adds a session. The entry may be earlier than the end of the session, which is then added again. */
  void addExpiration(String id, Duration timeout) {
    long keySeconds = Math.max(EXPIRATIONS_TIMEOUT.toSeconds(), SessionHash.keyTimeout(timeout).toSeconds());
    scripts.addToIndex(keys.expirations(), id, SessionHash.seconds(timeout), false, keySeconds);
  }

  void removeExpiration(String id) {
    remove(keys.expirations(), id);
  }

  /** Takes ids whose time has come; each goes to one node. */
  List<String> takeDue() {
    return scripts.takeDue(keys.expirations(), MAX_DUE).stream().map(SessionIndexes::text).toList();
  }

  /** Number of sessions, including expired ones that were not removed yet. */
  long size() {
    Long size = scripts.template().opsForZSet().zCard(keys.expirations());
    return size == null ? 0 : size;
  }

  void addToPrincipal(String principal, String id, Duration timeout) {
    long keySeconds = SessionHash.keyTimeout(timeout).toSeconds();
    scripts.addToIndex(keys.ofPrincipal(principal), id, SessionHash.seconds(timeout), true, keySeconds);
  }

  void removeFromPrincipal(String principal, String id) {
    remove(keys.ofPrincipal(principal), id);
  }

  List<String> ofPrincipal(String principal) {
    Set<byte[]> ids = scripts.template().opsForZSet().range(keys.ofPrincipal(principal), 0, -1);
    return ids == null ? List.of() : ids.stream().map(SessionIndexes::text).toList();
  }

  /** An entry that stays does no harm: it is ignored when it is read, and expires. */
  private void remove(String key, String id) {
    try {
      Long _ = scripts.template().opsForZSet().remove(key, (Object) id.getBytes(StandardCharsets.UTF_8));
    } catch (DataAccessException e) {
      log.debug("Index entry of an ended session stays in Redis until it expires: {}", e.toString());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
