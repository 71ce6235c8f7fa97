package dev.statecraft.session.reactive;

import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.SessionStoreAutoConfiguration;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.http.IdLimit;
import dev.statecraft.session.http.MeteredSessionRepository;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.ZoneOffset;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.session.ReactiveSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.server.session.SpringSessionWebSessionStore;
import org.springframework.web.server.session.CookieWebSessionIdResolver;
import org.springframework.web.server.session.WebSessionIdResolver;
import org.springframework.web.server.session.WebSessionManager;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Configures the sessions of a WebFlux application. The cookie comes from Spring Boot's own settings
 * ({@code server.reactive.session.cookie.*}); a {@link WebSessionIdResolver} of the application is used instead.
 */
@AutoConfiguration(
    after = SessionStoreAutoConfiguration.class,
    afterName = "org.springframework.boot.webflux.autoconfigure.WebSessionIdResolverAutoConfiguration",
    beforeName = "org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public class SessionReactiveAutoConfiguration {
  private static final String STRATEGY = "statecraft.session.strategy";
  private static final String AFFINITY = "affinity";
  private static final String PEERS = "statecraft.session.affinity.peers";
  private static final int MAX_THREADS = 64;
  private static final int MAX_QUEUED_PER_THREAD = 16;

  @Bean(destroyMethod = "dispose", defaultCandidate = false)
  Scheduler sessionScheduler() {
    return Schedulers.newBoundedElastic(MAX_THREADS, MAX_QUEUED_PER_THREAD, "session-store");
  }

  @Bean
  <S extends Session> ReactiveSessionRepository<S> reactiveSessionRepository(
      SessionRepository<S> repository, @Qualifier("sessionScheduler") Scheduler scheduler,
      ObjectProvider<MeterRegistry> meters, Environment environment) {
    boolean affinity = AFFINITY.equalsIgnoreCase(environment.getProperty(STRATEGY, AFFINITY).strip());
    if (affinity && Binder.get(environment).bind(PEERS, Bindable.of(Object.class)).isBound()) {
      throw new InvalidSettingException(PEERS, "is set, but a WebFlux application cannot hand its sessions over",
          "statecraft.session.strategy=redis, replicated, or cookie");
    }
    return ScheduledSessionRepository
        .of(MeteredSessionRepository.of(repository, meters.getIfUnique(SimpleMeterRegistry::new)), scheduler);
  }

  @Bean
  <S extends Session> WebSessionManager webSessionManager(
      ReactiveSessionRepository<S> repository, ObjectProvider<WebSessionIdResolver> resolvers,
      SessionStoreContext context, ObjectProvider<MeterRegistry> meters) {
    SpringSessionWebSessionStore<S> store = new SpringSessionWebSessionStore<>(repository);
    store.setClock(context.time().withZone(ZoneOffset.UTC));
    return new SavedWebSessions(store, resolvers.getIfAvailable(CookieWebSessionIdResolver::new),
        new IdLimit(meters.getIfUnique(SimpleMeterRegistry::new)));
  }

  @Bean
  CommittingFilter committingFilter() {
    return new CommittingFilter();
  }

  @Bean
  SessionStoreExceptionHandler sessionStoreExceptionHandler(ObjectProvider<MeterRegistry> meters) {
    return new SessionStoreExceptionHandler(meters.getIfUnique(SimpleMeterRegistry::new));
  }
}
