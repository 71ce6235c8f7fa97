package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that the chart rejects invalid values by name before it installs anything. */
class SchemaTest {

  @Test
  void lintFindsNothing() {
    LintResult result = new Helm(Chart.DIRECTORY).lint().strict().call();
    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    assertThat(result.getMessages()).noneMatch(message -> message.contains("WARNING") || message.contains("ERROR"));
  }

  @ParameterizedTest
  @CsvSource({"strategies.cokie.enabled, true, cokie", "strategies.replicated.replicas, 4, replicas",
    "strategies.replicated.replicas, 1, replicas", "strategies.replicated.founders, 2, founders",
    "strategies.replicated.reads, eventual, reads",
    "strategies.affinity.replicas, -1, replicas", "gateway.replicas, 0, replicas", "gateway.replicas, two, replicas",
    "gateway.service.type, ExternalName, type", "gateway.service.nodePort, 70000, nodePort",
    "gateway.httpRoute.enabled, true, parentRefs", "defaults.drain.preStop, 5, preStop",
    "defaults.startupSeconds, 1, startupSeconds", "stateful.timeout, soon, timeout",
    "strategies.cookie.absoluteTimeout, 12, absoluteTimeout", "redis.mode, cluster, mode",
    "calls.relay.peers.other, somewhere, other", "calls.relay.peers.Other, http://a/relay, Other",
    "calls.fanout.targets[0], somewhere, targets",
    "redis.appendfsync, sometimes, appendfsync", "redis.persistence.size, big, size",
    "image.pullPolicy, Sometimes, pullPolicy", "networkpolicy.enabled, false, networkpolicy"})
  void rejectsInvalidValueByName(String key, String value, String named) {
    assertThat(Chart.renderError(Map.of(key, value))).contains(named);
  }

  @ParameterizedTest
  @CsvSource({"redis.mode, external, redis.external.host",
    "strategies.replicated.podDisruptionBudget.maxUnavailable, 2, quorum",
    "strategies.replicated.podDisruptionBudget.maxUnavailable, 50%, quorum",
    "strategies.replicated.founders, 5, at most all", "strategies.replicated.replicas, 7, more than half",
    "gateway.autoscaling.minReplicas, 9, maxReplicas", "defaults.drain.unreadySeconds, 20, timeoutSeconds"})
  void rejectsContradictingValues(String key, String value, String named) {
    Map<String, ?> set = Map
        .of("strategies.replicated.enabled", true, "gateway.autoscaling.enabled", true, key, value);
    assertThat(Chart.renderError(set)).contains(named);
  }

  @Test
  void rejectsReleaseWithoutServices() {
    assertThat(
        Chart.renderError(
            Map.of("strategies.affinity.enabled", false, "strategies.redis.enabled", false, "stateless.enabled", false,
                "reactive.enabled", false)))
        .contains("no service is enabled");
  }

  /** Kubernetes validates its own objects, which grow with every version. */
  @Test
  void acceptsUnknownFieldsInKubernetesObjects(@TempDir Path directory) throws Exception {
    Path values = Files.writeString(directory.resolve("values.yaml"), """
        gateway:
          resources: {claims: [{name: of-the-future}]}
          affinity: {somethingNew: {}}
          tolerations: [{key: a, somethingNew: b}]
          topologySpreadConstraints: [{maxSkew: 1, somethingNew: b}]
          env: [{name: A, valueFrom: {somethingNew: {}}}]
        """);
    String rendered = Rendering.of(values).text();
    assertThat(rendered).contains("of-the-future").contains("somethingNew");
  }
}
