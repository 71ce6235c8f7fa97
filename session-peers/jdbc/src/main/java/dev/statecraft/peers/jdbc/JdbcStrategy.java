package dev.statecraft.peers.jdbc;

import static dev.statecraft.session.ContractClause.LAST_ACCESS_NEVER_GOES_BACK;
import static dev.statecraft.session.ContractClause.LATE_WRITE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.LOGOUT_ENDS_ROTATED_SESSION;
import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.REPORTS_EXPIRY;
import static dev.statecraft.session.ContractClause.STORES_ONLY_ALLOWED_TYPES;
import static dev.statecraft.session.ContractClause.ZERO_TIMEOUT_NEVER_EXPIRES;

import dev.statecraft.session.ClientLibrary;
import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import java.util.List;
import java.util.Set;

/** Keeps sessions in PostgreSQL with Spring Session's own repository. */
final class JdbcStrategy implements SessionStrategy {
  @Override
  public String name() {
    return "jdbc";
  }

  @Override
  public Guarantee guarantee() {
    return new Guarantee(
        "any node serves any session; an acknowledged write is on the disk of the database",
        "the last write wins on concurrent requests that change one attribute; a write to a session that was deleted"
            + " meanwhile is acknowledged and lost; a logout does not end a session that gets a new id meanwhile;"
            + " no session without the database; attributes are Java-serialized",
        Set.of(LAST_ACCESS_NEVER_GOES_BACK, LATE_WRITE_IS_REFUSED, LOGOUT_ENDS_ROTATED_SESSION, LOST_UPDATE_IS_REFUSED,
            REPORTS_EXPIRY,
            STORES_ONLY_ALLOWED_TYPES, ZERO_TIMEOUT_NEVER_EXPIRES));
  }

  @Override
  public Class<?> configuration() {
    return JdbcConfiguration.class;
  }

  @Override
  public List<ClientLibrary> clientLibraries() {
    return List.of(
        new ClientLibrary(
            "org.springframework.boot.jdbc.autoconfigure.",
            List.of("spring.datasource.url", "spring.datasource.jndi-name", "spring.datasource.type")));
  }
}
