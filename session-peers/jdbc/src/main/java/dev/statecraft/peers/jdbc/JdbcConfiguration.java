package dev.statecraft.peers.jdbc;

import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.adapter.AdaptedSessionRepository;
import dev.statecraft.session.adapter.ProbedStatus;
import dev.statecraft.session.adapter.StoreError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConversionException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;
import org.springframework.session.jdbc.config.annotation.web.http.JdbcHttpSessionConfiguration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;

/**
 * Builds the repository with Spring Session's own configuration class, and so with the defaults of Spring Boot: Java
 * serialization, one row for each session and each attribute, a job that deletes expired sessions every minute. The
 * statements are those that Spring Session documents for PostgreSQL. The connection pool comes from
 * {@code spring.datasource.*}, whose default connection timeout is 30 s. The configuration class is not imported,
 * because it would register a second filter.
 */
@Configuration(proxyBeanMethods = false)
class JdbcConfiguration {
  @Bean
  FindByIndexNameSessionRepository<? extends Session> jdbcSessionRepository(
      SessionStoreContext shared,
      @Value("${statecraft.session.jdbc.initialize-schema:true}") boolean initializeSchema,
      @SpringSessionDataSource ObjectProvider<DataSource> ownDatabase, ObjectProvider<DataSource> database,
      ObjectProvider<PlatformTransactionManager> transactions,
      ObjectProvider<SessionRepositoryCustomizer<JdbcIndexedSessionRepository>> customizers,
      ApplicationContext context) {
    DataSource source = ownDatabase.getIfAvailable(database::getObject);
    if (initializeSchema) {
      SessionSchema.createIfMissing(source);
    }
    JdbcHttpSessionConfiguration stock = new JdbcHttpSessionConfiguration();
    stock.setDataSource(ownDatabase, database);
    stock.setTransactionManager(transactions.getIfUnique(() -> new JdbcTransactionManager(source)));
    stock.setMaxInactiveInterval(shared.timeout());
    stock.setBeanClassLoader(Objects.requireNonNull(context.getClassLoader()));
    stock.setSessionRepositoryCustomizer(customizers);
    JdbcIndexedSessionRepository repository = stock.sessionRepository();
    new PostgreSqlJdbcIndexedSessionRepositoryCustomizer().customize(repository);
    FindByIndexNameSessionRepository<? extends Session> sessions = repository;
    return AdaptedSessionRepository.indexed(sessions, shared, JdbcConfiguration::errorOf);
  }

  @Bean
  SessionStoreStatus jdbcStatus(
      @SpringSessionDataSource ObjectProvider<DataSource> ownDatabase, ObjectProvider<DataSource> database) {
    JdbcTemplate template = new JdbcTemplate(ownDatabase.getIfAvailable(database::getObject));
    template.setQueryTimeout(1);
    return new ProbedStatus("The database", () -> {
      Map<String, @Nullable Object> details = new LinkedHashMap<>();
      details.put("sessions", template.queryForObject("SELECT COUNT(*) FROM SPRING_SESSION", Long.class));
      return details;
    });
  }

  private static StoreError errorOf(RuntimeException e) {
    return switch (e) {
      case ConversionException unreadable -> StoreError.UNREADABLE;
      case DataIntegrityViolationException conflict -> StoreError.CONFLICT;
      case ConcurrencyFailureException conflict -> StoreError.CONFLICT;
      case DataAccessException unavailable -> StoreError.UNAVAILABLE;
      case TransactionException unavailable -> StoreError.UNAVAILABLE;
      default -> StoreError.OTHER;
    };
  }
}
