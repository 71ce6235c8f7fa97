package dev.statecraft.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.kubernetes.Release.ReleaseLocation;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlaceOptionsTest {
  private static final ReleaseLocation FOUND = new ReleaseLocation("home", "https://10.0.0.1:6443", "v1.34.1", "shop");

  @Test
  void theSameReleaseIsMeasuredAgainWhereItWasFound() {
    assertThat(options("--on", "kubernetes").words(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn");
    assertThat(
        options("--on", "kubernetes").words(new ReleaseLocation(null, "https://10.0.0.1:6443", "v1.34.1", "shop"),
            "autumn"))
        .isEqualTo("--on kubernetes --namespace shop --release autumn");
  }

  @Test
  void theSameReleaseIsMeasuredAgainByTheAddressThatTheUserGave() {
    assertThat(options("--on", "kubernetes", "--url", "http://shop.example.com").words(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn --url http://shop.example.com");
  }

  @Test
  void fromInsideItIsMeasuredAgainFromInside() {
    assertThat(options("--on", "kubernetes", "--from-inside").words(FOUND, "autumn"))
        .isEqualTo("--on kubernetes --context home --namespace shop --release autumn --from-inside");
    assertThat(options("--on", "kubernetes", "--from-inside", "--image", "a/lab:1").words(FOUND, "autumn"))
        .endsWith(" --from-inside --image a/lab:1");
  }

  @Test
  void thePodRepeatsWhatWasTypedOutside() {
    String typed = "--on kubernetes --context home --namespace shop --release autumn --from-inside";
    assertThat(
        options("--on", "kubernetes", "--url", "http://autumn-gateway", "--hand-over=" + typed).words(FOUND, "autumn"))
        .isEqualTo(typed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--namespace", "--context", "--release", "--url"})
  void onThisMachineThereIsNoReleaseToName(String option) {
    assertThatThrownBy(() -> options(option, "http://x").isKubernetes(Set.of(option))).isInstanceOf(InvalidInput.class)
        .hasMessage(option + " goes with --on kubernetes");
  }

  @Test
  void anAddressMayEndInASlash() {
    assertThat(PlaceOptions.address("https://shop.example.com/")).isEqualTo(URI.create("https://shop.example.com"));
    assertThat(PlaceOptions.address("http://127.0.0.1:8080")).isEqualTo(URI.create("http://127.0.0.1:8080"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.example.com", "ftp://shop.example.com", "http://", "http://shop/redis", "http://a b",
    "http://shop?x=1"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> PlaceOptions.address(text)).isInstanceOf(InvalidInput.class).hasMessageContaining(text);
  }

  private static PlaceOptions options(String... words) {
    return CommandLine.populateCommand(new PlaceOptions(), words);
  }
}
