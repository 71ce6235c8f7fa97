package dev.statecraft.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** HMAC-SHA-256 (RFC 2104) with the keys of one purpose. Made by {@link KeyRing#signer}. Thread-safe. */
public final class Signer {
  static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String activeId;
  private final Map<String, Mac> prototypes;

  Signer(String activeId, Map<String, SecretKey> keys) {
    this.activeId = activeId;
    Map<String, Mac> macs = new HashMap<>();
    keys.forEach((id, key) -> macs.put(id, prototype(key)));
    this.prototypes = Map.copyOf(macs);
  }

  /**
   * Appends the active key's id and a signature: {@code text.keyId.signature}.
   *
   * @param context what the text is for; {@link #verify} accepts the token only for the same context
   */
  public String sign(String context, String text) {
    return text + "." + activeId + "." + BASE64.encodeToString(activeMac(inContext(context, text)));
  }

  /**
   * Returns the text that {@link #sign} signed for this context. Empty if the token is forged or damaged, or if the
   * ring does not have its key.
   */
  public Optional<String> verify(String context, String token) {
    int signatureDot = token.lastIndexOf('.');
    int keyDot = token.lastIndexOf('.', signatureDot - 1);
    if (signatureDot < 0 || keyDot < 0) {
      return Optional.empty();
    }
    String text = token.substring(0, keyDot);
    boolean verified = matches(token.substring(keyDot + 1, signatureDot), inContext(context, text),
        token.substring(signatureDot + 1));
    return verified ? Optional.of(text) : Optional.empty();
  }

  /** Signs a message that is sent apart from its signature: {@code keyId.signature}. */
  public String signDetached(byte[] message) {
    return activeId + "." + BASE64.encodeToString(activeMac(message));
  }

  /** Tells whether a key of the ring made this {@link #signDetached} signature of the message. */
  public boolean verifyDetached(byte[] message, @Nullable String signature) {
    int dot = signature == null ? -1 : signature.indexOf('.');
    return signature != null && dot >= 0 && matches(signature.substring(0, dot), message, signature.substring(dot + 1));
  }

  /** Returns the MAC of the message under one key, or null if the ring does not have the key. */
  public byte @Nullable [] mac(String keyId, byte[] message) {
    Mac prototype = prototypes.get(keyId);
    if (prototype == null) {
      return null;
    }
    try {
      // A clone is far cheaper than a new Mac with its key schedule, and the prototype is never updated.
      return ((Mac) prototype.clone()).doFinal(message);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("The JDK's " + ALGORITHM + " cannot be cloned", e);
    }
  }

  private byte[] activeMac(byte[] message) {
    byte[] mac = mac(activeId, message);
    if (mac == null) {
      throw new IllegalStateException("The key ring has lost its active key");
    }
    return mac;
  }

  /** The comparison takes as long for a wrong signature as for a right one. */
  private boolean matches(String keyId, byte[] message, String signature) {
    byte[] mac = mac(keyId, message);
    return mac != null && MessageDigest.isEqual(BASE64.encode(mac), signature.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] inContext(String context, String text) {
    return (context + '\0' + text).getBytes(StandardCharsets.UTF_8);
  }

  private static Mac prototype(SecretKey key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK lacks " + ALGORITHM, e);
    }
  }
}
