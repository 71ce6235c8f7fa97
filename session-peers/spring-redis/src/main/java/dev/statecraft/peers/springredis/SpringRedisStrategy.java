package dev.statecraft.peers.springredis;

import static dev.statecraft.session.ContractClause.FINDS_BY_PRINCIPAL;
import static dev.statecraft.session.ContractClause.LAST_ACCESS_NEVER_GOES_BACK;
import static dev.statecraft.session.ContractClause.LATE_READ_IS_NO_ERROR;
import static dev.statecraft.session.ContractClause.LOGOUT_ENDS_ROTATED_SESSION;
import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.NEGATIVE_TIMEOUT_NEVER_EXPIRES;
import static dev.statecraft.session.ContractClause.REPORTS_EXPIRY;
import static dev.statecraft.session.ContractClause.STORES_ONLY_ALLOWED_TYPES;
import static dev.statecraft.session.ContractClause.ZERO_TIMEOUT_NEVER_EXPIRES;

import dev.statecraft.session.ClientLibrary;
import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import java.util.List;
import java.util.Set;

/** Keeps sessions in Redis with Spring Session's own repository, as a Spring Boot application has it by default. */
final class SpringRedisStrategy implements SessionStrategy {
  @Override
  public String name() {
    return "spring-redis";
  }

  @Override
  public Guarantee guarantee() {
    return new Guarantee(
        "any node serves any session",
        "the last write wins on concurrent requests of one session; a save that races with a logout can bring back a"
            + " part of the session; a logout does not end a session that gets a new id meanwhile;"
            + " a session whose timeout"
            + " is zero or negative ends at once; what Redis loses on failover is lost; attributes are Java-serialized",
        Set.of(FINDS_BY_PRINCIPAL, LAST_ACCESS_NEVER_GOES_BACK, LATE_READ_IS_NO_ERROR, LOGOUT_ENDS_ROTATED_SESSION,
            LOST_UPDATE_IS_REFUSED,
            NEGATIVE_TIMEOUT_NEVER_EXPIRES, REPORTS_EXPIRY, STORES_ONLY_ALLOWED_TYPES, ZERO_TIMEOUT_NEVER_EXPIRES));
  }

  @Override
  public Class<?> configuration() {
    return SpringRedisConfiguration.class;
  }

  @Override
  public List<ClientLibrary> clientLibraries() {
    return List.of(ClientLibrary.REDIS);
  }
}
