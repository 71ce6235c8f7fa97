package dev.statecraft.peers.jdbc;

import static dev.statecraft.session.ContractClause.LATE_WRITE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.STORES_ONLY_ALLOWED_TYPES;

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
            + " meanwhile is acknowledged and lost; no session without the database; attributes are Java-serialized",
        Set.of(LOST_UPDATE_IS_REFUSED, LATE_WRITE_IS_REFUSED, STORES_ONLY_ALLOWED_TYPES));
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
