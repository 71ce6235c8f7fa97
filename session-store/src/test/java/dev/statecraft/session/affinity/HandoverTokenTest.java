package dev.statecraft.session.affinity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.contract.MovableTime;
import dev.statecraft.signing.KeyRing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandoverTokenTest {
  private static final String PATH = Peers.LOOKUP_PATH;
  private static final byte[] BODY = "{\"ids\":[\"x\"],\"to\":\"node-1\"}".getBytes(UTF_8);

  private final MovableTime time = new MovableTime();
  private final KeyRing keys = KeyRing.random();
  private final HandoverToken token = new HandoverToken(keys, time);
  private final HandoverToken peer = new HandoverToken(keys, time);

  @Test
  void verifiesMessageOfPeerWithSameKeys() {
    assertThat(token.verify(peer.sign(PATH, BODY), PATH, BODY)).isTrue();
  }

  @Test
  void rejectsMissingOrMalformedToken() {
    assertThat(token.verify(null, PATH, BODY)).isFalse();
    assertThat(token.verify("nonsense", PATH, BODY)).isFalse();
  }

  @Test
  void rejectsTokenOfOtherKeysPathOrBody() {
    String otherKeys = new HandoverToken(KeyRing.random(), time).sign(PATH, BODY);

    assertThat(token.verify(otherKeys, PATH, BODY)).isFalse();
    assertThat(token.verify(peer.sign(Peers.TRANSFER_PATH, BODY), PATH, BODY)).isFalse();
    assertThat(token.verify(peer.sign(PATH, new byte[1]), PATH, BODY)).isFalse();
  }

  @Test
  void rejectsOldToken() {
    String signed = peer.sign(PATH, BODY);
    time.pass(HandoverToken.VALIDITY.minusSeconds(1));
    assertThat(token.verify(signed, PATH, BODY)).isTrue();

    time.pass(Duration.ofSeconds(2));
    assertThat(token.verify(signed, PATH, BODY)).isFalse();
  }

  /** Made by the code that had its own key ring; a rolling upgrade must accept it. */
  @Test
  void verifiesTokenOfEarlierVersion() {
    HandoverToken upgraded = new HandoverToken(
        KeyRing.of(Map.of("old", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="), null),
        InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678Z")));

    assertThat(upgraded.verify(
        "1767323045~W0IHbZ4u8CXJ0dLf9XmajdAk4vtWuPDlM-qaBG7dEao.old.B1k5YqVo3dw0hrY4951Xh8aVaJKWtVBx9o15kRV7W0o",
        PATH, BODY)).isTrue();
  }
}
