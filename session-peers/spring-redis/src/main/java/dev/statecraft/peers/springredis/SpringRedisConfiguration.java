package dev.statecraft.peers.springredis;

import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.adapter.AdaptedSessionRepository;
import dev.statecraft.session.adapter.ProbedStatus;
import dev.statecraft.session.adapter.StoreError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.data.redis.serializer.SerializationException;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.data.redis.config.annotation.SpringSessionRedisConnectionFactory;
import org.springframework.session.data.redis.config.annotation.web.http.RedisHttpSessionConfiguration;

/**
 * Builds the repository with Spring Session's own configuration class, and so with the defaults of Spring Boot: Java
 * serialization, one hash for each session, changes written when the request is saved. Connections and timeouts come
 * from {@code spring.data.redis.*}, whose default command timeout is 60 s. The configuration class is not imported,
 * because it would register a second filter.
 */
@Configuration(proxyBeanMethods = false)
class SpringRedisConfiguration {
  private static final String GONE = "Session was invalidated";

  @Bean
  SessionRepository<? extends Session> springRedisSessionRepository(
      SessionStoreContext shared,
      @Value("${spring.session.data.redis.namespace:" + RedisSessionRepository.DEFAULT_KEY_NAMESPACE
          + "}") String namespace,
      @SpringSessionRedisConnectionFactory ObjectProvider<RedisConnectionFactory> ownConnections,
      ObjectProvider<RedisConnectionFactory> connections,
      @Qualifier("springSessionDefaultRedisSerializer") ObjectProvider<RedisSerializer<Object>> serializer,
      ObjectProvider<SessionRepositoryCustomizer<RedisSessionRepository>> customizers, ApplicationContext context) {
    RedisHttpSessionConfiguration stock = new RedisHttpSessionConfiguration();
    stock.setRedisConnectionFactory(ownConnections, connections);
    stock.setMaxInactiveInterval(shared.timeout());
    stock.setRedisNamespace(namespace);
    stock.setSessionRepositoryCustomizer(customizers);
    stock.setBeanClassLoader(Objects.requireNonNull(context.getClassLoader()));
    serializer.ifAvailable(stock::setDefaultRedisSerializer);
    SessionRepository<? extends Session> repository = stock.sessionRepository();
    return AdaptedSessionRepository.of(repository, shared, SpringRedisConfiguration::errorOf);
  }

  @Bean
  SessionStoreStatus springRedisStatus(ObjectProvider<RedisConnectionFactory> connections) {
    return new ProbedStatus("Redis", () -> detailsOf(connections.getObject()));
  }

  /** Counts the keys of the database, as strategy {@code redis} does: use it only for sessions. */
  private static Map<String, @Nullable Object> detailsOf(RedisConnectionFactory connections) {
    try (RedisConnection connection = connections.getConnection()) {
      Map<String, @Nullable Object> details = new LinkedHashMap<>();
      details.put("sessions", connection.serverCommands().dbSize());
      return details;
    }
  }

  private static StoreError errorOf(RuntimeException e) {
    return switch (e) {
      case SerializationException unreadable -> StoreError.UNREADABLE;
      case DataAccessException unavailable -> StoreError.UNAVAILABLE;
      // Spring Session saves only sessions that still exist. Lettuce's factory throws this type once it is closed.
      case IllegalStateException state -> GONE.equals(state.getMessage())
          ? StoreError.CONFLICT
          : StoreError.UNAVAILABLE;
      default -> StoreError.OTHER;
    };
  }
}
