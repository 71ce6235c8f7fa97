package dev.statecraft.session.affinity;

import dev.statecraft.session.KeyRing;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows that a message between nodes comes from one that has the key ring, is as that node sent it, and is no copy of
 * an old one. Thread-safe.
 */
final class HandoverToken {
  static final String HEADER = "X-Statecraft-Handover";
  /** How far the clocks of two nodes may be apart, and how long a copy of a message would be believed. */
  static final Duration VALID = Duration.ofSeconds(30);

  private final KeyRing keys;
  private final InstantSource time;

  HandoverToken(KeyRing keys, InstantSource time) {
    this.keys = keys;
    this.time = time;
  }

  String of(String path, byte[] body) {
    return keys.sign(purpose(path), time.instant().getEpochSecond() + "~" + digest(body));
  }

  boolean isOf(@Nullable String token, String path, byte[] body) {
    if (token == null) {
      return false;
    }
    Optional<String> signed = keys.verify(purpose(path), token);
    return signed.isPresent() && isFresh(signed.get()) && signed.get().endsWith("~" + digest(body));
  }

  private boolean isFresh(String signed) {
    Instant sent = Instant.ofEpochSecond(Long.parseLong(signed.substring(0, signed.indexOf('~'))));
    return Duration.between(sent, time.instant()).abs().compareTo(VALID) <= 0;
  }

  private static String purpose(String path) {
    return "statecraft/session/handover" + path;
  }

  private static String digest(byte[] body) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK lacks SHA-256", e);
    }
  }
}
