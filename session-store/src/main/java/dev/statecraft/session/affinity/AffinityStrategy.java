package dev.statecraft.session.affinity;

import static dev.statecraft.session.ContractClause.ANY_NODE_SERVES;
import static dev.statecraft.session.ContractClause.SURVIVES_ITS_NODE;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import java.util.Set;

/** Keeps sessions in the memory of one owner node, to which the gateway routes by session affinity. */
final class AffinityStrategy implements SessionStrategy {
  @Override
  public String name() {
    return "affinity";
  }

  @Override
  public Guarantee guarantee() {
    return new Guarantee(
        "linearizable while its owner lives",
        "the owner's death loses its sessions",
        Set.of(ANY_NODE_SERVES, SURVIVES_ITS_NODE));
  }

  @Override
  public Class<?> configuration() {
    return AffinityConfiguration.class;
  }
}
