package dev.statecraft.peers.jdbc;

import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.support.TransactionTemplate;

/** The tables of Spring Session JDBC in PostgreSQL. */
final class SessionSchema {
  private static final String SCRIPT = "schema-postgresql.sql";
  /** Identifies this lock among the advisory locks of the database; any number that nobody else uses. */
  private static final long LOCK = 0x7374617465637266L;

  private SessionSchema() {}

  /** Creates the tables with Spring Session's own script. Safe if several nodes start at once. */
  static void createIfMissing(DataSource database) {
    JdbcTemplate template = new JdbcTemplate(database);
    new TransactionTemplate(new JdbcTransactionManager(database)).executeWithoutResult(transaction -> {
      template.query("SELECT pg_advisory_xact_lock(" + LOCK + ")", row -> {});
      if (template.queryForObject("SELECT to_regclass('spring_session')::text", String.class) == null) {
        template.execute((Connection connection) -> {
          new ResourceDatabasePopulator(new ClassPathResource(SCRIPT, JdbcIndexedSessionRepository.class))
              .populate(connection);
          return true;
        });
      }
    });
  }
}
