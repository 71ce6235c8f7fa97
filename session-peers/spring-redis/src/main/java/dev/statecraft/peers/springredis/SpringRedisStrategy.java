package dev.statecraft.peers.springredis;

import static dev.statecraft.session.ContractClause.LATE_READ_IS_NO_ERROR;
import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.STORES_ONLY_ALLOWED_TYPES;

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
            + " part of the session; what Redis loses on failover is lost; attributes are Java-serialized",
        Set.of(LOST_UPDATE_IS_REFUSED, LATE_READ_IS_NO_ERROR, STORES_ONLY_ALLOWED_TYPES));
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
