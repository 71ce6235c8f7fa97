package dev.statecraft.session.affinity;

import dev.statecraft.session.ExpirySweeper;
import dev.statecraft.session.SessionStoreContext;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AffinityProperties.class)
@Import(HandoverConfiguration.class)
class AffinityConfiguration {
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

  @Bean
  AffinitySessionRepository affinitySessionRepository(SessionStoreContext context, AffinityProperties properties) {
    return new AffinitySessionRepository(context, properties.maximumSessions());
  }

  @Bean
  ExpirySweeper affinityExpirySweeper(AffinitySessionRepository repository) {
    return new ExpirySweeper("session-expiry", repository::removeExpired, SWEEP_INTERVAL);
  }

  @Bean
  MeterBinder affinitySessions(AffinitySessionRepository repository) {
    return meters -> Gauge
        .builder("statecraft.session.live", repository, AffinitySessionRepository::size)
        .description("Sessions in this node's memory, including expired ones that were not removed yet")
        .register(meters);
  }
}
