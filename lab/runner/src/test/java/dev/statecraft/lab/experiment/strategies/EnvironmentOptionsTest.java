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

class EnvironmentOptionsTest {
  private static final ReleaseLocation FOUND = new ReleaseLocation("home", "https://10.0.0.1:6443", "v1.34.1", "shop");

  @Test
  void formatNamesTheFoundRelease() {
    assertThat(options(null, false, null, null).format(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn");
    assertThat(
        options(null, false, null, null).format(new ReleaseLocation(null, "https://10.0.0.1:6443", "v1.34.1", "shop"),
            "autumn"))
        .isEqualTo("--on kubernetes --namespace shop --release autumn");
  }

  @Test
  void formatKeepsGivenUrl() {
    assertThat(options("http://shop.example.com", false, null, null).format(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn --url http://shop.example.com");
  }

  @Test
  void formatKeepsFromInside() {
    assertThat(options(null, true, null, null).format(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn --from-inside");
    assertThat(options(null, true, "a/lab:1", null).format(FOUND, "autumn"))
        .endsWith(" --from-inside --image a/lab:1");
  }

  @Test
  void formatInPodReturnsOuterOptions() {
    String outerOptions = "--on kubernetes --context home --namespace shop --release autumn --from-inside";
    assertThat(
        options("http://autumn-gateway", false, null, outerOptions).format(FOUND, "autumn"))
        .isEqualTo(outerOptions);
  }

  @Test
  void acceptsAddressWithTrailingSlash() {
    assertThat(EnvironmentOptions.address("https://shop.example.com/"))
        .isEqualTo(URI.create("https://shop.example.com"));
    assertThat(EnvironmentOptions.address("http://127.0.0.1:8080")).isEqualTo(URI.create("http://127.0.0.1:8080"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.example.com", "ftp://shop.example.com", "http://", "http://shop/redis", "http://a b",
    "http://shop?x=1"})
  void rejectsInvalidAddress(String text) {
    assertThatThrownBy(() -> EnvironmentOptions.address(text)).isInstanceOf(InvalidInput.class)
        .hasMessageContaining(text);
  }

  private static EnvironmentOptions options(@Nullable String url, boolean inside, @Nullable String image,
      @Nullable String outerOptions) {
    return new EnvironmentOptions(EnvironmentOptions.KUBERNETES, null, null, null, url, inside, image, outerOptions);
  }
}
