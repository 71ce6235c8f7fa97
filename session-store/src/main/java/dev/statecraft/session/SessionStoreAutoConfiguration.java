package dev.statecraft.session;

import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.attribute.AttributeTypes;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.session.autoconfigure.SessionTimeout;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.session.SessionRepository;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.cfg.MapperBuilder;

/**
 * Configures the repository of the selected strategy and what all strategies share: attributes, events, the health
 * indicator and the endpoint. The configuration of the selected strategy must define one {@link SessionRepository} and
 * one {@link SessionStoreStatus}.
 */
@AutoConfiguration(
    afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
    beforeName = {
      "org.springframework.boot.session.autoconfigure.SessionAutoConfiguration",
      "org.springframework.boot.session.data.redis.autoconfigure.SessionDataRedisAutoConfiguration",
      "org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration"})
@ConditionalOnWebApplication
@EnableConfigurationProperties(SessionProperties.class)
@Import(StrategySelector.class)
public class SessionStoreAutoConfiguration {
  @Bean
  SessionStrategy sessionStrategy(ApplicationContext context) {
    return SessionStrategies.load(context.getClassLoader()).selected(context.getEnvironment());
  }

  /** Name of the clock that decides when sessions expire. A bean of this name replaces it. */
  static final String TIME = "sessionTime";

  /** Not a candidate for injection by type, so that it does not compete with a clock of the application. */
  @Bean(name = TIME, defaultCandidate = false)
  @ConditionalOnMissingBean(name = TIME)
  InstantSource sessionTime() {
    return Clock.systemUTC();
  }

  @Bean
  @ConditionalOnMissingBean
  AttributeCodec attributeCodec(SessionProperties properties, ObjectProvider<JacksonModule> modules,
      ObjectProvider<MeterRegistry> meters, ApplicationContext context) {
    ClassLoader loader = Objects.requireNonNullElse(context.getClassLoader(), getClass().getClassLoader());
    AttributeTypes types;
    try {
      types = AttributeTypes.parse(properties.attributeTypes(), loader);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException("statecraft.session.attribute-types", Objects.toString(e.getMessage()),
          "full names of classes, packages as com.acme.shop.*, and annotations as @com.acme.Storable");
    }
    List<JacksonModule> all = new ArrayList<>(MapperBuilder.findModules(loader));
    modules.orderedStream().forEach(all::add);
    DistributionSummary bytes = DistributionSummary.builder("statecraft.session.attribute").baseUnit("bytes")
        .description("Encoded size of each session attribute that this node wrote or handed over")
        .register(meters.getIfUnique(SimpleMeterRegistry::new));
    return new AttributeCodec(types, all, loader, bytes::record);
  }

  @Bean
  SessionStoreContext sessionStoreContext(SessionProperties properties, AttributeCodec codec,
      @Qualifier(TIME) InstantSource time, ObjectProvider<SessionTimeout> timeouts,
      ObjectProvider<MeterRegistry> meters, ApplicationContext context) {
    MeterRegistry registry = meters.getIfUnique(SimpleMeterRegistry::new);
    return new SessionStoreContext(
        SharedSettings.timeout(properties, timeouts.getIfAvailable(), context.getEnvironment()),
        SharedSettings.namespace(properties, context.getEnvironment()),
        time,
        new AttributeReader(codec, properties.unreadableAttributes(), registry),
        new SessionEvents(context, registry));
  }

  @Bean
  HealthIndicator sessionStoreHealthIndicator(SessionStoreStatus status) {
    return new SessionStoreHealthIndicator(status);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
  static class EndpointConfiguration {
    @Bean
    @ConditionalOnAvailableEndpoint
    SessionStoreEndpoint sessionStoreEndpoint(
        SessionStrategy strategy, @Value("${statecraft.node:unnamed}") String node, SessionStoreStatus status) {
      return new SessionStoreEndpoint(strategy, node, status);
    }
  }
}
