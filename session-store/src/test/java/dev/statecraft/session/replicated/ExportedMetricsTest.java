package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.architecture.MetricsReference;
import dev.statecraft.session.SessionStoreAutoConfiguration;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.contract.LoopbackMembers;
import dev.statecraft.session.http.Problem;
import dev.statecraft.session.web.SessionWebAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

class ExportedMetricsTest {
  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void referenceDescribesMetricsOfTheSessionStore(@TempDir Path directory) {
    export("statecraft.session.strategy=redis");
    export("statecraft.session.strategy=replicated", "statecraft.node=n1",
        "statecraft.session.replicated.members=" + new LoopbackMembers(1).list(),
        "statecraft.session.replicated.directory=" + directory,
        "statecraft.session.keys.a=" + "k".repeat(43) + "=");
    new EngineMetrics(registry).followerLags(Map.of("n2", 1L));
    Problem.count(registry, new SessionStoreException(Reason.CONFLICT, "expected"));
    MetricsReference.assertDescribes(registry.scrape(), "statecraft_session_");
  }

  private void export(String... properties) {
    new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SessionStoreAutoConfiguration.class,
            SessionWebAutoConfiguration.class, DataRedisAutoConfiguration.class))
        .withBean(MeterRegistry.class, () -> registry).withPropertyValues(properties).run(context -> {
          assertThat(context).hasNotFailed();
          context.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(registry));
        });
  }

  @Test
  void lagOfRemovedFollowerIsNotExported() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    EngineMetrics metrics = new EngineMetrics(meters);
    metrics.followerLags(Map.of("n2", 7L, "n3", 0L));
    assertThat(lag(meters, "n2")).isEqualTo(7);
    metrics.followerLags(Map.of("n3", 0L));
    assertThat(meters.find("statecraft.session.replicated.follower.lag").gauges()).hasSize(1);
    metrics.followerLags(Map.of());
    assertThat(meters.find("statecraft.session.replicated.follower.lag").gauges()).isEmpty();
  }

  private static double lag(MeterRegistry meters, String follower) {
    return meters.get("statecraft.session.replicated.follower.lag").tag("follower", follower).gauge().value();
  }
}
