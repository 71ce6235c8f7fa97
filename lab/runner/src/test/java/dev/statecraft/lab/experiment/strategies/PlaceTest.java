package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.kubernetes.Release.ReleaseLocation;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
  private static final ReleaseLocation FOUND = new ReleaseLocation("home", "https://10.0.0.1:6443", "v1.34.1", "shop");

  @Test
  void theSameReleaseIsMeasuredAgainWhereItWasFound() {
    assertThat(place(null, false, null, null).words(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn");
    assertThat(
        place(null, false, null, null).words(new ReleaseLocation(null, "https://10.0.0.1:6443", "v1.34.1", "shop"),
            "autumn"))
        .isEqualTo("--on kubernetes --namespace shop --release autumn");
  }

  @Test
  void theSameReleaseIsMeasuredAgainByTheAddressThatTheUserGave() {
    assertThat(place("http://shop.example.com", false, null, null).words(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn --url http://shop.example.com");
  }

  @Test
  void fromInsideItIsMeasuredAgainFromInside() {
    assertThat(place(null, true, null, null).words(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn --from-inside");
    assertThat(place(null, true, "a/lab:1", null).words(FOUND, "autumn"))
        .endsWith(" --from-inside --image a/lab:1");
  }

  @Test
  void thePodRepeatsWhatWasTypedOutside() {
    String typed = "--on kubernetes --context home --namespace shop --release autumn --from-inside";
    assertThat(
        place("http://autumn-gateway", false, null, typed).words(FOUND, "autumn"))
        .isEqualTo(typed);
  }

  @Test
  void anAddressMayEndInASlash() {
    assertThat(EnvironmentOptions.address("https://shop.example.com/"))
        .isEqualTo(URI.create("https://shop.example.com"));
    assertThat(EnvironmentOptions.address("http://127.0.0.1:8080")).isEqualTo(URI.create("http://127.0.0.1:8080"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.example.com", "ftp://shop.example.com", "http://", "http://shop/redis", "http://a b",
    "http://shop?x=1"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> EnvironmentOptions.address(text)).isInstanceOf(InvalidInput.class)
        .hasMessageContaining(text);
  }

  private static EnvironmentOptions place(@Nullable String url, boolean inside, @Nullable String image,
      @Nullable String handOver) {
    return new EnvironmentOptions(EnvironmentOptions.KUBERNETES, null, null, null, url, inside, image, handOver);
  }
}
