package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Kind;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import dev.statecraft.lab.strategy.SessionStrategies;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReleaseShapeTest {
  private final Deployment gateway = deployment("shop", "gateway");
  private final StatefulSet redis = statefulSet("shop", "stateful-redis", Map.of("statecraft.dev/strategy", "redis"));
  private final StatefulSet cookie = statefulSet("shop", "stateful-cookie",
      Map.of("statecraft.dev/strategy", "cookie"));
  private final StatefulSet store = statefulSet("shop", "redis", Map.of());

  @Test
  void findsTheOnlyReleaseWithoutAName() throws Exception {
    ReleaseShape shape = ReleaseShape.of("default", null, List.of(redis, cookie, store), List.of(gateway));

    assertThat(shape.name()).isEqualTo("shop");
    assertThat(shape.strategies().keySet()).containsExactly(SessionStrategies.of("redis"),
        SessionStrategies.of("cookie"));
    assertThat(shape.workload(SessionStrategies.of("redis")))
        .isEqualTo(new Workload(Kind.STATEFUL_SET, "shop-stateful-redis", "stateful-redis", 3));
    assertThat(shape.gateway()).isEqualTo(new Workload(Kind.DEPLOYMENT, "shop-gateway", "gateway", 2));
    assertThat(shape.redis()).hasValueSatisfying(server -> assertThat(server.name()).isEqualTo("shop-redis"));
  }

  @Test
  void ignoresWorkloadsOfOtherApplications() throws Exception {
    StatefulSet unrelated = statefulSet("shop", "stateful-affinity", Map.of("app.kubernetes.io/part-of", "blog"));

    assertThat(ReleaseShape.of("default", null, List.of(redis), List.of(gateway, deployment("shop", "stateless"))))
        .satisfies(shape -> assertThat(shape.strategies()).containsOnlyKeys(SessionStrategies.of("redis")));
    assertThatThrownBy(() -> ReleaseShape.of("default", null, List.of(unrelated), List.of()))
        .isInstanceOf(NoSuchRelease.class).hasMessage("no Statecraft release found in the namespace default");
  }

  @Test
  void needsANameForSeveralReleases() throws Exception {
    List<Deployment> gateways = List.of(gateway, deployment("blog", "gateway"));

    assertThatThrownBy(() -> ReleaseShape.of("default", null, List.of(redis), gateways))
        .isInstanceOf(NoSuchRelease.class).hasMessageContaining("set --release to one of blog, shop");
    assertThatThrownBy(() -> ReleaseShape.of("default", "wiki", List.of(redis), gateways))
        .isInstanceOf(NoSuchRelease.class).hasMessageContaining("no release 'wiki'").hasMessageContaining("blog, shop");
    assertThat(ReleaseShape.of("default", "blog", List.of(redis), gateways).strategies()).isEmpty();
  }

  @Test
  void rejectsAReleaseWithoutAGateway() {
    assertThatThrownBy(() -> ReleaseShape.of("default", null, List.of(redis), List.of()))
        .isInstanceOf(NoSuchRelease.class).hasMessageContaining("has no gateway");
  }

  private static StatefulSet statefulSet(String release, String component, Map<String, String> more) {
    return new StatefulSetBuilder().withNewMetadata().withName(release + "-" + component)
        .withLabels(labels(release, component, more)).endMetadata().withNewSpec().withReplicas(3).endSpec().build();
  }

  private static Deployment deployment(String release, String component) {
    return new DeploymentBuilder().withNewMetadata().withName(release + "-" + component)
        .withLabels(labels(release, component, Map.of())).endMetadata().withNewSpec().withReplicas(2).endSpec().build();
  }

  private static Map<String, String> labels(String release, String component, Map<String, String> more) {
    Map<String, String> labels = new HashMap<>(Map.of("app.kubernetes.io/part-of", "statecraft",
        "app.kubernetes.io/instance", release, "app.kubernetes.io/component", component));
    labels.putAll(more);
    return labels;
  }
}
