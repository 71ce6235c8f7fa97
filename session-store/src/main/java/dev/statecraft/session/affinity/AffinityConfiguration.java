package dev.statecraft.session.affinity;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.SessionProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AffinityProperties.class)
@Import(HandoverConfiguration.class)
class AffinityConfiguration {
  @Bean
  AffinitySessionRepository affinitySessionRepository(SessionProperties shared, AffinityProperties properties,
      AttributeCodec codec, InstantSource time) {
    return new AffinitySessionRepository(shared.timeout(), properties.maximumSessions(), codec, time);
  }

  @Bean
  MeterBinder affinitySessions(AffinitySessionRepository repository) {
    return meters -> Gauge.builder("statecraft.session.live", repository, AffinitySessionRepository::size)
        .description("Sessions in this node's memory, including expired ones that were not removed yet")
        .register(meters);
  }
}
