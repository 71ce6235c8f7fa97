package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.NodeContext;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.SharedStore;
import dev.statecraft.lab.strategy.StrategyProfile;
import java.util.Map;
import java.util.Optional;

/** Spring Session's own repository in PostgreSQL. */
public final class Jdbc implements SessionStrategy {
  @Override
  public String id() {
    return "jdbc";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return new GuaranteeText("any node serves any session; an acknowledged write is on the database's disk",
        "the last of concurrent writes to an attribute wins; a write to a session that was deleted meanwhile is"
            + " acknowledged and lost; no session without the database");
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile(id(), "in a PostgreSQL database that all nodes share",
        "You operate PostgreSQL already, sessions must survive its restart, and the load is low.",
        "Every request may cost writes to the database's disk, and no session works while it is down.");
  }

  @Override
  public Optional<SharedStore> store() {
    return Optional.of(new Postgres());
  }

  @Override
  public void configure(NodeContext node, Map<String, String> properties) {
    properties.put("spring.datasource.url", Postgres.url(node.store()));
    properties.put("spring.datasource.username", Postgres.USER);
    // The pool's default of 30 s is longer than a client waits.
    properties.put("spring.datasource.hikari.connection-timeout", "1000");
  }
}
