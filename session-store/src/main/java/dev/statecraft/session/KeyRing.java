package dev.statecraft.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that all nodes share. The active key seals and signs; every other key still opens and verifies, so a key is
 * rotated by adding the new one everywhere, then making it active everywhere, then dropping the old one once what it
 * sealed has expired. Each secret is used only as input of HKDF (RFC 5869), once for sealing and once for signing.
 *
 * <p>Immutable and thread-safe.
 */
public final class KeyRing {
  private static final String PROPERTY = "statecraft.session.keys";
  private static final int SECRET_BYTES = 32;
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");
  private static final String MAC = "HmacSHA256";

  private final String activeId;
  private final Map<String, Keys> keys;

  private record Keys(SecretKey sealing, SecretKey signing) {}

  /**
   * Makes a ring of the given secrets.
   *
   * @param secrets 32 bytes each, in Base64, by key id
   * @param activeId the key that seals and signs; may be null where there is only one
   * @throws InvalidSettingException where a secret or the choice of the active one cannot be used
   */
  public KeyRing(Map<String, String> secrets, @Nullable String activeId) {
    Map<String, Keys> derived = new HashMap<>();
    secrets.forEach((id, secret) -> derived.put(id, derive(id, secret)));
    this.keys = Map.copyOf(derived);
    this.activeId = chooseActive(activeId);
  }

  /** Makes a ring of one random key, which no other node has and no restart survives. */
  public static KeyRing random() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return new KeyRing(Map.of("random", Base64.getEncoder().encodeToString(secret)), null);
  }

  /** Id of the key that seals and signs: 1 to 16 letters, digits, {@code _} or {@code -}. */
  public String activeId() {
    return activeId;
  }

  /** The AES-256 key that seals under this id, or null where the ring does not have it. */
  public @Nullable SecretKey sealingKey(String id) {
    Keys found = keys.get(id);
    return found == null ? null : found.sealing();
  }

  /**
   * Appends the active key's id and an HMAC-SHA-256 (RFC 2104): {@code text.keyId.signature}.
   *
   * @param purpose what the signature is for; a token of one purpose does not verify for another
   */
  public String sign(String purpose, String text) {
    Keys active = keys.get(activeId);
    if (active == null) {
      throw new IllegalStateException("The ring has lost its active key");
    }
    return text + "." + activeId + "." + mac(active, purpose, text);
  }

  /**
   * The text that {@link #sign} signed for this purpose, or empty where the token is forged, damaged or of no known
   * key.
   */
  public Optional<String> verify(String purpose, String token) {
    int signatureDot = token.lastIndexOf('.');
    int keyDot = token.lastIndexOf('.', signatureDot - 1);
    if (signatureDot < 0 || keyDot < 0) {
      return Optional.empty();
    }
    Keys used = keys.get(token.substring(keyDot + 1, signatureDot));
    if (used == null) {
      return Optional.empty();
    }
    String text = token.substring(0, keyDot);
    byte[] expected = mac(used, purpose, text).getBytes(StandardCharsets.UTF_8);
    byte[] given = token.substring(signatureDot + 1).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(expected, given) ? Optional.of(text) : Optional.empty();
  }

  private String chooseActive(@Nullable String wanted) {
    if (keys.isEmpty()) {
      throw new InvalidSettingException(PROPERTY, "is empty", "at least one key, as keys.<id>=<Base64 of 32 bytes>");
    }
    if (wanted == null) {
      if (keys.size() > 1) {
        throw new InvalidSettingException(
            "statecraft.session.active-key",
            "is missing though there is more than one key",
            "one of " + keys.keySet());
      }
      return keys.keySet().iterator().next();
    }
    if (!keys.containsKey(wanted)) {
      throw new InvalidSettingException(
          "statecraft.session.active-key",
          "names " + wanted + ", which is not in the ring",
          "one of " + keys.keySet());
    }
    return wanted;
  }

  private static Keys derive(String id, String secret) {
    if (!KEY_ID.matcher(id).matches()) {
      throw new InvalidSettingException(
          PROPERTY,
          "has the key id " + id,
          "an id of 1 to 16 letters, digits, _ or -");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(secret.strip());
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    if (bytes.length != SECRET_BYTES) {
      throw new InvalidSettingException(PROPERTY + "." + id, "is not 32 bytes in Base64", "openssl rand -base64 32");
    }
    return new Keys(expand(bytes, "AES", "statecraft/session/seal"), expand(bytes, MAC, "statecraft/session/sign"));
  }

  private static SecretKey expand(byte[] secret, String algorithm, String use) {
    try {
      return KDF
          .getInstance("HKDF-SHA256")
          .deriveKey(
              algorithm,
              HKDFParameterSpec
                  .ofExtract()
                  .addIKM(secret)
                  .thenExpand(use.getBytes(StandardCharsets.UTF_8), SECRET_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK lacks HKDF-SHA256", e);
    }
  }

  private static String mac(Keys used, String purpose, String text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(used.signing());
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return Base64
          .getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("This JDK lacks " + MAC, e);
    }
  }
}
