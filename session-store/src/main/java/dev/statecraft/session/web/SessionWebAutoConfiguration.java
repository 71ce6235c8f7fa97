package dev.statecraft.session.web;

import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.SessionStoreAutoConfiguration;
import dev.statecraft.session.http.MeteredSessionRepository;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.session.autoconfigure.DefaultCookieSerializerCustomizer;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.HttpSessionIdResolver;
import org.springframework.session.web.http.SessionEventHttpSessionListenerAdapter;
import org.springframework.session.web.http.SessionRepositoryFilter;

/**
 * Configures Spring Session's filter in a servlet application. Cookie, filter order and dispatcher types come from
 * Spring Boot's own settings ({@code server.servlet.session.cookie.*}, {@code spring.session.servlet.*}); an
 * {@link HttpSessionIdResolver} or {@link CookieSerializer} of the application is used instead.
 */
@AutoConfiguration(after = SessionStoreAutoConfiguration.class, before = SessionAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class SessionWebAutoConfiguration {
  private static final String FILTER_ORDER = "spring.session.servlet.filter-order";
  private static final String SERVLET_SESSION = "server.servlet.session.";

  @Bean
  <S extends Session> SessionFilter<S> springSessionRepositoryFilter(
      SessionRepository<S> repository, ObjectProvider<HttpSessionIdResolver> resolvers,
      ObjectProvider<CookieSerializer> cookies, ObjectProvider<MeterRegistry> meters, Environment environment) {
    rejectUnsupportedSettings(environment);
    HttpSessionIdResolver resolver = resolvers.getIfAvailable(() -> {
      CookieHttpSessionIdResolver byCookie = new CookieHttpSessionIdResolver();
      cookies.ifAvailable(byCookie::setCookieSerializer);
      return byCookie;
    });
    MeterRegistry registry = meters.getIfUnique(SimpleMeterRegistry::new);
    return new SessionFilter<>(
        MeteredSessionRepository.of(repository, registry), new BoundedIdResolver(resolver, registry));
  }

  private static void rejectUnsupportedSettings(Environment environment) {
    Binder binder = Binder.get(environment);
    Set<String> modes = binder.bind(SERVLET_SESSION + "tracking-modes", Bindable.setOf(String.class)).orElse(Set.of());
    if (!modes.stream().allMatch("cookie"::equalsIgnoreCase)) {
      throw new InvalidSettingException(SERVLET_SESSION + "tracking-modes", "is " + modes,
          "cookie, or a bean of type HttpSessionIdResolver");
    }
    if (binder.bind(SERVLET_SESSION + "persistent", Boolean.class).orElse(false)) {
      throw new InvalidSettingException(SERVLET_SESSION + "persistent", "is true, but the container holds no session",
          "statecraft.session.strategy to choose where sessions are kept");
    }
    if (binder.bind(SERVLET_SESSION + "store-dir", String.class).isBound()) {
      throw new InvalidSettingException(SERVLET_SESSION + "store-dir", "is set, but the container holds no session",
          "statecraft.session.strategy to choose where sessions are kept");
    }
  }

  /** Tokens need no encoding, which would make the cookie of the strategy {@code cookie} a third larger. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  DefaultCookieSerializerCustomizer plainSessionTokens() {
    return cookies -> cookies.setUseBase64Encoding(false);
  }

  @Bean
  SessionEventHttpSessionListenerAdapter sessionEventHttpSessionListenerAdapter(
      ObjectProvider<HttpSessionListener> listeners) {
    return new SessionEventHttpSessionListenerAdapter(listeners.orderedStream().toList());
  }

  @Bean
  FilterRegistrationBean<SessionStoreExceptionFilter> sessionStoreExceptionFilter(
      Environment environment, ObjectProvider<MeterRegistry> meters) {
    FilterRegistrationBean<SessionStoreExceptionFilter> registration = new FilterRegistrationBean<>(
        new SessionStoreExceptionFilter(meters.getIfUnique(SimpleMeterRegistry::new)));
    registration.setOrder(
        environment.getProperty(FILTER_ORDER, Integer.class, SessionRepositoryFilter.DEFAULT_ORDER) - 1);
    registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
    return registration;
  }

  @Bean
  SessionStoreExceptionAdvice sessionStoreExceptionAdvice(ObjectProvider<MeterRegistry> meters) {
    return new SessionStoreExceptionAdvice(meters.getIfUnique(SimpleMeterRegistry::new));
  }
}
