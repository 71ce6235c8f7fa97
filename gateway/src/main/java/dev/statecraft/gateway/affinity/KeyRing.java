package dev.statecraft.gateway.affinity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign affinity cookies: one signs, all of them verify, so that keys can be rotated while cookies are
 * out. Gateways that share a ring serve each other's clients. Thread-safe.
 */
public final class KeyRing {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 4;

  private final Map<String, Mac> prototypes;
  private final String activeId;

  private KeyRing(Map<String, Mac> prototypes, String activeId) {
    this.prototypes = prototypes;
    this.activeId = activeId;
  }

  /**
   * Makes a ring.
   *
   * @param keys 32 bytes for each id
   * @param activeId the key that signs
   * @throws IllegalArgumentException when a key has another length or the active one is missing
   */
  public static KeyRing of(Map<String, byte[]> keys, String activeId) {
    Map<String, Mac> prototypes = new HashMap<>();
    keys.forEach((id, key) -> {
      if (key.length != KEY_BYTES) {
        throw new IllegalArgumentException("key " + id + " has " + key.length + " bytes; 32 are needed");
      }
      prototypes.put(id, mac(key));
    });
    if (!prototypes.containsKey(activeId)) {
      throw new IllegalArgumentException("no key has the active id " + activeId);
    }
    return new KeyRing(Map.copyOf(prototypes), activeId);
  }

  /** Makes a ring of one random key. Cookies signed by it are void after a restart and at any other gateway. */
  public static KeyRing random() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    String id = "random-" + HexFormat.of().formatHex(key, 0, ID_BYTES);
    new SecureRandom().nextBytes(key);
    return of(Map.of(id, key), id);
  }

  String activeId() {
    return activeId;
  }

  Set<String> ids() {
    return prototypes.keySet();
  }

  /** Returns HMAC-SHA-256 of {@code text} under the key, or null when no such key is known. */
  byte @Nullable [] sign(String id, String text) {
    Mac prototype = prototypes.get(id);
    if (prototype == null) {
      return null;
    }
    try {
      // A clone is far cheaper than a new Mac with its key schedule, and the prototype is never updated.
      return ((Mac) prototype.clone()).doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
