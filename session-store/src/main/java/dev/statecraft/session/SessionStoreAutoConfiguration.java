package dev.statecraft.session;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Configures Spring Session's filter with the repository of the selected strategy, and what all strategies share: the
 * cookie, the problem documents, the health indicator and the endpoint. The selected {@link SessionStrategy} adds its
 * configuration.
 */
@AutoConfiguration(afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(SessionProperties.class)
@Import(StrategySelector.class)
public class SessionStoreAutoConfiguration {
  @Bean
  SessionStrategy sessionStrategy(ApplicationContext context) {
    return SessionStrategies.load(context.getClassLoader()).selected(context.getEnvironment());
  }

  @Bean
  @ConditionalOnMissingBean
  InstantSource sessionTime() {
    return Clock.systemUTC();
  }

  @Bean
  @ConditionalOnMissingBean
  AttributeCodec attributeCodec(SessionProperties properties) {
    return AttributeCodec.of(properties, getClass().getClassLoader());
  }

  @Bean
  <S extends Session> FilterRegistrationBean<SessionRepositoryFilter<S>> sessionFilter(
      SessionRepository<S> repository) {
    SessionRepositoryFilter<S> filter = new SessionRepositoryFilter<>(repository);
    filter.setHttpSessionIdResolver(new SessionCookieResolver());
    FilterRegistrationBean<SessionRepositoryFilter<S>> registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER);
    // Not ERROR: an error page needs no session, and must not fail again on a store that has just failed.
    registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
    return registration;
  }

  @Bean
  FilterRegistrationBean<SessionStoreExceptionFilter> sessionStoreExceptionFilter(JsonMapper json,
      ObjectProvider<MeterRegistry> meters) {
    FilterRegistrationBean<SessionStoreExceptionFilter> registration = new FilterRegistrationBean<>(
        new SessionStoreExceptionFilter(json, meters.getIfUnique(SimpleMeterRegistry::new)));
    registration.setOrder(SessionStoreExceptionFilter.ORDER);
    registration.setDispatcherTypes(DispatcherType.REQUEST);
    return registration;
  }

  @Bean
  SessionStoreExceptionAdvice sessionStoreExceptionAdvice(ObjectProvider<MeterRegistry> meters) {
    return new SessionStoreExceptionAdvice(meters.getIfUnique(SimpleMeterRegistry::new));
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
