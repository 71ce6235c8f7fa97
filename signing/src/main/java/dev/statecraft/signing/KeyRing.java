package dev.statecraft.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that all nodes share, by key id. The active key signs and encrypts; every key of the ring verifies and
 * decrypts. Rotate a key in three steps: add the new key on every node, make it active on every node, and remove the
 * old key after everything that it signed has expired.
 *
 * <p>A secret is used only as input of HKDF-SHA-256 (RFC 5869). Each purpose gets a key of its own, so a signature for
 * one purpose never verifies for another. Immutable and thread-safe.
 */
public final class KeyRing {
  /** The smallest secret, in bytes. */
  public static final int MIN_SECRET_BYTES = 32;

  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
  private static final int DERIVED_KEY_BYTES = 32;
  private static final int RANDOM_ID_BYTES = 4;

  private final Map<String, byte[]> secrets;
  private final String activeId;

  private KeyRing(Map<String, byte[]> secrets, String activeId) {
    this.secrets = Map.copyOf(secrets);
    this.activeId = activeId;
  }

  /**
   * Makes a ring of configured secrets.
   *
   * @param secrets by key id: at least {@value #MIN_SECRET_BYTES} bytes each, in Base64; an id is 1 to 32 letters,
   * digits, {@code _} or {@code -}
   * @param activeId the key that signs and encrypts; null is allowed where there is only one key
   * @throws InvalidKeyRingException if a secret, an id or the choice of the active key cannot be used
   */
  public static KeyRing of(Map<String, String> secrets, @Nullable String activeId) {
    Map<String, byte[]> decoded = new HashMap<>();
    secrets.forEach((id, secret) -> decoded.put(id, decode(id, secret)));
    return new KeyRing(decoded, chooseActive(decoded.keySet(), activeId));
  }

  /** Makes a ring of one random key. No other node has this key, and a restart loses it. */
  public static KeyRing random() {
    SecureRandom random = new SecureRandom();
    byte[] secret = new byte[MIN_SECRET_BYTES];
    random.nextBytes(secret);
    byte[] suffix = new byte[RANDOM_ID_BYTES];
    random.nextBytes(suffix);
    String id = "random-" + HexFormat.of().formatHex(suffix);
    return new KeyRing(Map.of(id, secret), id);
  }

  /** Id of the key that signs and encrypts. */
  public String activeId() {
    return activeId;
  }

  /** Ids of all keys, in no particular order. */
  public Set<String> ids() {
    return secrets.keySet();
  }

  /**
   * Makes the signer of one purpose.
   *
   * @param purpose the {@code info} of HKDF, such as {@code statecraft/gateway/affinity}; no other use may have it
   */
  public Signer signer(String purpose) {
    return new Signer(activeId, derive(Signer.ALGORITHM, purpose));
  }

  /**
   * Makes the cipher of one purpose.
   *
   * @param purpose as of {@link #signer}
   */
  public TokenCipher cipher(String purpose) {
    return new TokenCipher(activeId, derive("AES", purpose));
  }

  private Map<String, SecretKey> derive(String algorithm, String purpose) {
    Map<String, SecretKey> keys = new HashMap<>();
    secrets.forEach((id, secret) -> keys.put(id, derive(secret, algorithm, purpose)));
    return keys;
  }

  private static SecretKey derive(byte[] secret, String algorithm, String purpose) {
    try {
      byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
      return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm,
          HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(info, DERIVED_KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK lacks HKDF-SHA256", e);
    }
  }

  private static byte[] decode(String id, String secret) {
    if (!KEY_ID.matcher(id).matches()) {
      throw new InvalidKeyRingException("keys", "has the key id '" + id + "'",
          "an id of 1 to 32 letters, digits, _ or -");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(secret.strip());
    } catch (IllegalArgumentException notBase64) {
      bytes = new byte[0];
    }
    if (bytes.length < MIN_SECRET_BYTES) {
      throw new InvalidKeyRingException("keys." + id, "is not 32 bytes or more in Base64",
          "the output of openssl rand -base64 32");
    }
    return bytes;
  }

  private static String chooseActive(Set<String> ids, @Nullable String wanted) {
    if (ids.isEmpty()) {
      throw new InvalidKeyRingException("keys", "is empty", "at least one key, as keys.<id>=<Base64 of 32 bytes>");
    }
    if (wanted == null) {
      if (ids.size() > 1) {
        throw new InvalidKeyRingException("active-key", "is missing though there is more than one key",
            "one of " + ids);
      }
      return ids.iterator().next();
    }
    if (!ids.contains(wanted)) {
      throw new InvalidKeyRingException("active-key", "names '" + wanted + "', which is not in the ring",
          "one of " + ids);
    }
    return wanted;
  }
}
