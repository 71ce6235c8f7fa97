package dev.statecraft.session.affinity;

import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.Signer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Authenticates messages between nodes: signs path, body and time, and rejects copies of old messages. Thread-safe. */
final class HandoverToken {
  static final String HEADER = "X-Statecraft-Handover";
  /** How long a message is valid, and how much the clocks of two nodes may differ. */
  static final Duration VALIDITY = Duration.ofSeconds(30);

  private final Signer signer;
  private final InstantSource time;

  HandoverToken(KeyRing keys, InstantSource time) {
    this.signer = keys.signer(KeyRingConfiguration.SIGNING_PURPOSE);
    this.time = time;
  }

  String sign(String path, byte[] body) {
    return signer.sign(context(path), time.instant().getEpochSecond() + "~" + digest(body));
  }

  boolean verify(@Nullable String token, String path, byte[] body) {
    if (token == null) {
      return false;
    }
    Optional<String> signed = signer.verify(context(path), token);
    return signed.isPresent() && isFresh(signed.get()) && signed.get().endsWith("~" + digest(body));
  }

  private boolean isFresh(String signed) {
    Instant sent = Instant.ofEpochSecond(Long.parseLong(signed.substring(0, signed.indexOf('~'))));
    return Duration.between(sent, time.instant()).abs().compareTo(VALIDITY) <= 0;
  }

  private static String context(String path) {
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
