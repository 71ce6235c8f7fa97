package dev.statecraft.session.redis;

import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;

import dev.statecraft.session.ClientLibrary;
import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import java.util.List;
import java.util.Set;

/** Keeps sessions in a Redis server that all nodes share. */
final class RedisStrategy implements SessionStrategy {
  @Override
  public String name() {
    return "redis";
  }

  @Override
  public Guarantee guarantee() {
    return new Guarantee(
        "any node serves any session",
        "the last write wins on concurrent requests of one session, and what Redis loses on failover is lost",
        Set.of(LOST_UPDATE_IS_REFUSED));
  }

  @Override
  public Class<?> configuration() {
    return RedisConfiguration.class;
  }

  @Override
  public List<ClientLibrary> clientLibraries() {
    return List.of(ClientLibrary.REDIS);
  }
}
