package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private static final String OLD = secret(1);
  private static final String NEW = secret(2);

  private final KeyRing before = new KeyRing(Map.of("old", OLD), null);
  private final KeyRing during = new KeyRing(Map.of("old", OLD, "new", NEW), "new");
  private final KeyRing after = new KeyRing(Map.of("new", NEW), null);

  private static String secret(int fill) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, (byte) fill);
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void signedTextVerifiesUntilItsKeyLeavesTheRing() {
    String token = before.sign("test", "id.42");

    assertThat(before.verify("test", token)).contains("id.42");
    assertThat(during.verify("test", token)).contains("id.42");
    assertThat(after.verify("test", token)).isEmpty();
    assertThat(during.sign("test", "id.42")).contains(".new.");
  }

  @Test
  void changedTextKeyOrSignatureDoesNotVerify() {
    String token = during.sign("test", "id.42");

    assertThat(during.verify("test", token.replace("42", "43"))).isEmpty();
    assertThat(during.verify("test", token.replace(".new.", ".old."))).isEmpty();
    assertThat(during.verify("test", token.substring(0, token.length() - 1))).isEmpty();
    assertThat(during.verify("test", "")).isEmpty();
    assertThat(during.verify("test", ".")).isEmpty();
    assertThat(during.verify("test", "..")).isEmpty();
  }

  @Test
  void tokenOfOnePurposeIsWorthNothingForAnother() {
    assertThat(during.verify("other", during.sign("test", "id.42"))).isEmpty();
  }

  @Test
  void nodesWithTheSameSecretsTrustEachOther() {
    KeyRing otherNode = new KeyRing(Map.of("old", OLD, "new", NEW), "old");

    assertThat(otherNode.verify("test", during.sign("test", "x"))).contains("x");
    assertThat(during.verify("test", otherNode.sign("test", "x"))).contains("x");
  }

  @Test
  void unusableKeysAreRefusedWithoutShowingThem() {
    assertThatThrownBy(() -> new KeyRing(Map.of("a", "c2VjcmV0"), null))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("statecraft.session.keys.a")
        .hasMessageNotContaining("c2VjcmV0");
    assertThatThrownBy(() -> new KeyRing(Map.of("a b", OLD), null)).hasMessageContaining("a b");
    assertThatThrownBy(() -> new KeyRing(Map.of("a", OLD, "b", NEW), null)).hasMessageContaining("active-key");
    assertThatThrownBy(() -> new KeyRing(Map.of("a", OLD), "b")).hasMessageContaining("active-key");
    assertThatThrownBy(() -> new KeyRing(Map.of(), null)).hasMessageContaining("keys");
  }
}
