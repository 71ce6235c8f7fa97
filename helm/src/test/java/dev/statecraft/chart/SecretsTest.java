package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Checks that keys and passwords are generated once and survive upgrades, rollbacks and new installations. */
class SecretsTest {
  private static final String ROTATED = """
      Secret:
        statecraft-session-keyring: {data: {active-key: azI=, keys.k1: b25l, keys.k2: dHdv}}
      """;

  /** {@code helm template}, Argo CD and {@code helm diff} cannot tell whether keys exist. */
  @Test
  void refusesToGenerateKeysWithoutCluster() {
    assertThat(Rendering.ofDefaults().withoutCluster().error()).contains("gateway.keys.existingSecret",
        "stateful.keys.existingSecret", "calls.relay.keys.existingSecret", "redis.auth.existingSecret");
  }

  @Test
  void existingSecretsNeedNoCluster() {
    assertThat(Rendering.of("existing-secrets").withoutCluster().objects().ofKind("Secret")).isEmpty();
  }

  /** {@code --create-namespace} creates the namespace after rendering. */
  @Test
  void generatesKeysInNamespaceThatDoesNotExistYet() {
    Rendering rendering = Rendering.ofDefaults().withoutCluster()
        .values("global: {cluster: {Namespace: {kube-system: {kind: Namespace}}}}");
    assertThat(rendering.objects().ofKind("Secret")).hasSize(4);
  }

  @Test
  void upgradeKeepsRotatedKeysAsTheyAre() {
    Rendered upgraded = Rendering.ofDefaults().cluster(ROTATED).objects();
    assertThat(upgraded.ofKind("Secret").map(Rendered::nameOf)).as("Helm must not touch what exists")
        .doesNotContain("statecraft-session-keyring").contains("statecraft-gateway-keyring");
  }

  /** An object of the release would be reset to its old data by a rollback. Helm's library omits hooks. */
  @Test
  void secretsAreHooksThatNoRollbackTouches() throws Exception {
    Path chart = Chart.copy(Path.of("target", "rendered", "hooks"));
    Files.writeString(chart.resolve("templates/secrets.yaml"),
        Files.readString(Chart.DIRECTORY.resolve("templates/secrets.yaml")));
    assertThat(Rendering.ofDefaults().chart(chart).objects().ofKind("Secret")).isEmpty();
    JsonNode secret = Rendering.ofDefaults().objects().object("Secret", "statecraft-session-keyring");
    assertThat(Rendered.texts(secret.at("/metadata/annotations"))).containsEntry("helm.sh/resource-policy", "keep");
    assertThat(Files.readString(Chart.DIRECTORY.resolve("templates/secrets.yaml")))
        .contains("\"helm.sh/hook\" \"pre-install,pre-upgrade\"");
  }

  @ParameterizedTest
  @CsvSource({"gateway-keys, gateway-keyring", "session-keys, session-keyring", "relay-keys, relay-keyring",
    "redis, redis-auth"})
  void upgradeFromChart010CopiesItsSecret(String before, String now) {
    Rendered upgraded = Rendering.ofDefaults().cluster("""
        Secret:
          statecraft-%s:
            metadata: {annotations: {meta.helm.sh/release-name: statecraft}}
            data: {active-key: azI=, keys.k2: dHdv, password: b2xk}
        """.formatted(before)).objects();
    assertThat(Rendered.texts(upgraded.object("Secret", "statecraft-" + now).path("data")))
        .isEqualTo(Map.of("active-key", "azI=", "keys.k2", "dHdv", "password", "b2xk"));
  }

  @Test
  void anotherOwnersSecretIsNotCopied() {
    Rendered installed = Rendering.ofDefaults()
        .cluster("Secret: {statecraft-redis: {data: {password: b3RoZXI=}}}").objects();
    assertThat(installed.object("Secret", "statecraft-redis-auth").at("/data/password").stringValue())
        .isNotEqualTo("b3RoZXI=");
  }

  @Test
  void changedSecretRestartsItsPodsAtTheNextUpgrade() {
    Rendered before = Rendering.ofDefaults().installed().objects();
    Rendered after = Rendering.ofDefaults().installed().cluster(ROTATED).objects();
    assertThat(checksum(after, "statecraft-stateful-affinity"))
        .isNotEqualTo(checksum(before, "statecraft-stateful-affinity"));
    assertThat(checksum(after, "statecraft-gateway")).isEqualTo(checksum(before, "statecraft-gateway"));
    assertThat(after.pods("statecraft-redis")).as("Redis follows its password without a restart")
        .isEqualTo(before.pods("statecraft-redis"));
  }

  /** The next upgrade finds what this installation generates, and restarts nothing. */
  @Test
  void generatedSecretHasTheChecksumOfTheInstalledOne() {
    Rendered installed = Rendering.ofDefaults().objects();
    String secret = installed.object("Secret", "statecraft-session-keyring").path("data").toString();
    Rendered upgraded = Rendering.ofDefaults().cluster(
        "Secret: {statecraft-session-keyring: {data: " + secret + "}}").objects();
    assertThat(checksum(upgraded, "statecraft-stateful-affinity"))
        .isEqualTo(checksum(installed, "statecraft-stateful-affinity"));
  }

  @Test
  void lintNeedsNoCluster() {
    assertThat(new Helm(Chart.DIRECTORY).lint().call().isFailed()).isFalse();
  }

  private static String checksum(Rendered rendered, String owner) {
    return rendered.pods(owner).metadata().at("/annotations/checksum~1secrets").stringValue("");
  }
}
