package dev.statecraft.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts bytes into a token that its holder can neither read nor change: AES-256-GCM (NIST SP 800-38D) with a random
 * 96-bit nonce. A token is {@code 1.<key id>.<nonce, ciphertext and tag in Base64url>}. The tag also covers the version
 * and the key id. With random nonces a key is safe for 2^32 tokens; rotate it well before.
 *
 * <p>Made by {@link KeyRing#cipher}. Thread-safe.
 */
public final class TokenCipher {
  private static final String VERSION = "1";
  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int MIN_BYTES = NONCE_BYTES + TAG_BITS / 8;

  private final String activeId;
  private final SecretKey activeKey;
  private final Map<String, SecretKey> keys;
  private final SecureRandom random = new SecureRandom();

  TokenCipher(String activeId, Map<String, SecretKey> keys) {
    SecretKey active = keys.get(activeId);
    if (active == null) {
      throw new IllegalArgumentException("The key ring has no key " + activeId);
    }
    this.activeId = activeId;
    this.activeKey = active;
    this.keys = Map.copyOf(keys);
  }

  /** Encrypts under the active key. */
  public String encrypt(byte[] content) {
    String header = VERSION + "." + activeId;
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, activeKey, nonce, header);
      byte[] encrypted = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(content.length));
      cipher.doFinal(content, 0, content.length, encrypted, NONCE_BYTES);
      return header + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(encrypted);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK cannot encrypt with " + ALGORITHM, e);
    }
  }

  /** Returns the content. Empty if the token is forged or damaged, or if the ring does not have its key. */
  public Optional<byte[]> decrypt(String token) {
    String[] parts = token.split("\\.", 4);
    if (parts.length != 3 || !parts[0].equals(VERSION)) {
      return Optional.empty();
    }
    SecretKey key = keys.get(parts[1]);
    if (key == null) {
      return Optional.empty();
    }
    try {
      byte[] encrypted = Base64.getUrlDecoder().decode(parts[2]);
      if (encrypted.length < MIN_BYTES) {
        return Optional.empty();
      }
      byte[] nonce = Arrays.copyOf(encrypted, NONCE_BYTES);
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, VERSION + "." + parts[1]);
      return Optional.of(cipher.doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES));
    } catch (IllegalArgumentException | GeneralSecurityException notOurs) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String header) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header.getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }
}
