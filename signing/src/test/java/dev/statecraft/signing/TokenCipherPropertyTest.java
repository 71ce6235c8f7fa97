package dev.statecraft.signing;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TokenCipherPropertyTest {
  private final TokenCipher cipher = KeyRing.random().cipher("test");

  @Property(tries = 200)
  void decryptsWhatItEncrypted(@ForAll byte[] content) {
    assertThat(cipher.decrypt(cipher.encrypt(content)))
        .hasValueSatisfying(decrypted -> assertThat(decrypted).isEqualTo(content));
  }

  @Property(tries = 500)
  void rejectsTokenWithAnyCharacterChanged(
      @ForAll byte[] content, @ForAll @IntRange(max = 10_000) int position, @ForAll char replacement) {
    String token = cipher.encrypt(content);
    int at = position % token.length();
    // The last character of Base64 may carry bits that no byte has.
    if (token.charAt(at) != replacement && at < token.length() - 1) {
      String changed = token.substring(0, at) + replacement + token.substring(at + 1);
      assertThat(cipher.decrypt(changed)).isEmpty();
    }
  }

  @Property(tries = 200)
  void rejectsAnyText(@ForAll String text) {
    assertThat(cipher.decrypt(text)).isEmpty();
  }
}
