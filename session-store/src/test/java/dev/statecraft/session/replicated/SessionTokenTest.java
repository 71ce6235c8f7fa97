package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.Signer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionTokenTest {
  private final Signer signer = KeyRing
      .of(Map.of("old", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="), null)
      .signer(KeyRingConfiguration.SIGNING_PURPOSE);

  /** Made by the code that had its own key ring; clients still hold such tokens. */
  @Test
  void verifiesTokenOfEarlierVersion() {
    String token = "00000000-0000-0000-0000-000000000042.7.old.TPRLzqZmBu2AV4oeKy-H2DvPNsYT0MV9Tjcrg1bX960";

    assertThat(SessionToken.verify(signer, "shop", token))
        .contains(new SessionToken("00000000-0000-0000-0000-000000000042", 7));
    assertThat(SessionToken.verify(signer, "another-group", token)).isEmpty();
  }
}
