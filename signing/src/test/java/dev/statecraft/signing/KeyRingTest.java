package dev.statecraft.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private static final String OLD = secret(1);
  private static final String NEW = secret(2);

  private final KeyRing before = KeyRing.of(Map.of("old", OLD), null);
  private final KeyRing during = KeyRing.of(Map.of("old", OLD, "new", NEW), "new");
  private final KeyRing after = KeyRing.of(Map.of("new", NEW), null);

  private static String secret(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void verifiesUntilTheKeyLeavesTheRing() {
    String token = before.signer("test").sign("context", "id.42");

    assertThat(before.signer("test").verify("context", token)).contains("id.42");
    assertThat(during.signer("test").verify("context", token)).contains("id.42");
    assertThat(after.signer("test").verify("context", token)).isEmpty();
    assertThat(during.signer("test").sign("context", "id.42")).contains(".new.");
  }

  @Test
  void rejectsChangedTextKeyOrSignature() {
    Signer signer = during.signer("test");
    String token = signer.sign("context", "id.42");

    assertThat(signer.verify("context", token.replace("42", "43"))).isEmpty();
    assertThat(signer.verify("context", token.replace(".new.", ".old."))).isEmpty();
    assertThat(signer.verify("context", token.substring(0, token.length() - 1))).isEmpty();
    assertThat(signer.verify("context", "")).isEmpty();
    assertThat(signer.verify("context", ".")).isEmpty();
    assertThat(signer.verify("context", "..")).isEmpty();
  }

  @Test
  void rejectsTokenOfAnotherPurposeOrContext() {
    String token = during.signer("test").sign("context", "id.42");

    assertThat(during.signer("other").verify("context", token)).isEmpty();
    assertThat(during.signer("test").verify("other", token)).isEmpty();
    assertThat(during.cipher("other").decrypt(during.cipher("test").encrypt(new byte[]{1}))).isEmpty();
  }

  @Test
  void verifiesDetachedSignatureOfAnyKnownKey() {
    byte[] message = "message".getBytes(UTF_8);
    String signature = before.signer("test").signDetached(message);

    assertThat(during.signer("test").verifyDetached(message, signature)).isTrue();
    assertThat(after.signer("test").verifyDetached(message, signature)).isFalse();
    assertThat(during.signer("test").verifyDetached("massage".getBytes(UTF_8), signature)).isFalse();
    assertThat(during.signer("test").verifyDetached(message, null)).isFalse();
    assertThat(during.signer("test").verifyDetached(message, "old")).isFalse();
    assertThat(during.signer("test").verifyDetached(message, "old.~")).isFalse();
  }

  @Test
  void nodesWithTheSameSecretsTrustEachOther() {
    KeyRing otherNode = KeyRing.of(Map.of("old", OLD, "new", NEW), "old");

    assertThat(otherNode.signer("test").verify("", during.signer("test").sign("", "x"))).contains("x");
    assertThat(during.cipher("test").decrypt(otherNode.cipher("test").encrypt(new byte[]{7})))
        .hasValueSatisfying(content -> assertThat(content).containsExactly(7));
  }

  /** Computed outside of this code: HKDF-SHA-256 (RFC 5869) without salt, then HMAC-SHA-256 (RFC 2104). */
  @Test
  void derivesKeysAsTheStandardsSay() {
    assertThat(before.signer("statecraft/session/sign").sign("c", "t"))
        .isEqualTo("t.old.GMG4FQH5N2k4IawfxChuwU1OQmuUBAHigUxtWX-tMs0");
  }

  @Test
  void refusesUnusableKeysWithoutShowingThem() {
    assertThatThrownBy(() -> KeyRing.of(Map.of("a", "c2VjcmV0"), null))
        .isInstanceOf(InvalidKeyRingException.class)
        .hasMessageContaining("keys.a")
        .hasMessageNotContaining("c2VjcmV0");
    assertThatThrownBy(() -> KeyRing.of(Map.of("a b", OLD), null)).hasMessageContaining("a b");
    assertThatThrownBy(() -> KeyRing.of(Map.of("a", OLD, "b", NEW), null)).hasMessageContaining("active-key");
    assertThatThrownBy(() -> KeyRing.of(Map.of("a", OLD), "b")).hasMessageContaining("active-key");
    assertThatThrownBy(() -> KeyRing.of(Map.of(), null)).hasMessageContaining("keys");
  }
}
