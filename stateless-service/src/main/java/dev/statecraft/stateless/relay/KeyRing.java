package dev.statecraft.stateless.relay;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The keys that sign envelopes, by HMAC-SHA-256 (RFC 2104). A signature reads {@code key-id.base64url}. Thread-safe.
 */
@Component
class KeyRing {
  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final Map<String, SecretKeySpec> keys;
  private final String active;

  KeyRing(RelayProperties properties) {
    if (properties.keys().isEmpty()) {
      byte[] key = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(key);
      log.info("No statecraft.relay.keys: envelopes are signed with a key that no other node knows");
      this.keys = Map.of("random", new SecretKeySpec(key, ALGORITHM));
      this.active = "random";
    } else {
      this.keys = properties.keys().entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, key -> key(key.getKey(), key.getValue())));
      this.active = Objects.requireNonNull(properties.activeKey());
    }
  }

  private static SecretKeySpec key(String id, String base64) {
    byte[] key = Base64.getDecoder().decode(base64);
    if (key.length < KEY_BYTES || id.contains(".")) {
      throw new IllegalArgumentException(
          "statecraft.relay.keys." + id + " must be " + KEY_BYTES + " bytes or more, and its id without a dot");
    }
    return new SecretKeySpec(key, ALGORITHM);
  }

  /** Signs with the active key. */
  String sign(byte[] message) {
    return active + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(active, message));
  }

  /** Whether a key of this ring made the signature of the message. */
  boolean verifies(byte[] message, @Nullable String signature) {
    int dot = signature == null ? -1 : signature.indexOf('.');
    if (signature == null || dot < 0 || !keys.containsKey(signature.substring(0, dot))) {
      return false;
    }
    try {
      byte[] claimed = Base64.getUrlDecoder().decode(signature.substring(dot + 1));
      return MessageDigest.isEqual(claimed, mac(signature.substring(0, dot), message));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private byte[] mac(String id, byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(Objects.requireNonNull(keys.get(id)));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
    }
  }
}
