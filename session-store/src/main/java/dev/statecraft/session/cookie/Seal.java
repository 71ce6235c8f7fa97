package dev.statecraft.session.cookie;

import dev.statecraft.session.KeyRing;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals bytes so that a client can hold them and neither read nor change them: AES-256-GCM (NIST SP 800-38D) with a
 * random 96-bit nonce. A token is {@code 1.<key id>.<nonce, ciphertext and tag in Base64url>}; version and key id are
 * authenticated too. With random nonces a key is good for 2^32 seals; rotate it well before.
 *
 * <p>Thread-safe.
 */
final class Seal {
  private static final String VERSION = "1";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int LEAST_BYTES = NONCE_BYTES + TAG_BITS / 8;

  private final KeyRing keys;
  private final SecureRandom random = new SecureRandom();

  Seal(KeyRing keys) {
    this.keys = keys;
  }

  /** Seals under the active key. */
  String close(byte[] content) {
    String header = VERSION + "." + keys.activeId();
    SecretKey key = keys.sealingKey(keys.activeId());
    if (key == null) {
      throw new IllegalStateException("The ring has lost its active key");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, header);
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(content.length));
      cipher.doFinal(content, 0, content.length, sealed, NONCE_BYTES);
      return header + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK cannot seal with " + CIPHER, e);
    }
  }

  /** What was sealed; empty where the token is forged, damaged, or sealed under a key that the ring does not have. */
  Optional<byte[]> open(String token) {
    String[] parts = token.split("\\.", 4);
    if (parts.length != 3 || !parts[0].equals(VERSION)) {
      return Optional.empty();
    }
    @Nullable
    SecretKey key = keys.sealingKey(parts[1]);
    if (key == null) {
      return Optional.empty();
    }
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(parts[2]);
      if (sealed.length < LEAST_BYTES) {
        return Optional.empty();
      }
      byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, key, nonce, VERSION + "." + parts[1])
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (IllegalArgumentException | GeneralSecurityException notOurs) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String header) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header.getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }
}
