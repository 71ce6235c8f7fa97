package dev.statecraft.session;

import static dev.statecraft.session.ContractClause.ANY_NODE_SERVES;
import static dev.statecraft.session.ContractClause.DELETED_SESSION_IS_DEAD;
import static dev.statecraft.session.ContractClause.DIFFERENT_ATTRIBUTES_MERGE;
import static dev.statecraft.session.ContractClause.FINDS_BY_PRINCIPAL;
import static dev.statecraft.session.ContractClause.HOLDS_LARGE_STATE;
import static dev.statecraft.session.ContractClause.LATE_SAVE_REVIVES_NOTHING;
import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.REPORTS_EXPIRY;
import static dev.statecraft.session.ContractClause.ROTATED_ID_IS_DEAD;
import static dev.statecraft.session.ContractClause.SURVIVES_ITS_NODE;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a strategy guarantees, and which anomaly it has.
 *
 * @param keeps the guarantee, in one sentence
 * @param anomaly what its users must accept, in one sentence
 * @param unmet the clauses of the contract that it does not meet; immutable
 */
public record Guarantee(String keeps, String anomaly, Set<ContractClause> unmet) {
  public Guarantee {
    unmet = unmet.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(unmet));
  }

  /** Returns what the strategy documents. Its contract tests check {@link #unmet()}. */
  public static Guarantee of(SessionStrategy strategy) {
    return switch (strategy) {
      case AFFINITY -> new Guarantee(
          "linearizable while its owner lives",
          "the owner's death loses its sessions",
          Set.of(ANY_NODE_SERVES, SURVIVES_ITS_NODE));
      case REDIS -> new Guarantee(
          "any node serves any session",
          "the last write wins on concurrent requests of one session, and what Redis loses on failover is lost",
          Set.of(LOST_UPDATE_IS_REFUSED));
      case REPLICATED -> new Guarantee(
          "an acknowledged write survives the loss of any minority of nodes",
          "the minority side of a partition refuses writes; what the disks of a majority held is lost with them",
          Set.of());
      case COOKIE -> new Guarantee(
          "survives the loss of every node",
          "state is capped at one cookie; nothing can be revoked; concurrent requests overwrite each other; an old"
              + " cookie can be replayed until it expires",
          Set.of(
              DIFFERENT_ATTRIBUTES_MERGE,
              LOST_UPDATE_IS_REFUSED,
              ROTATED_ID_IS_DEAD,
              DELETED_SESSION_IS_DEAD,
              LATE_SAVE_REVIVES_NOTHING,
              HOLDS_LARGE_STATE,
              FINDS_BY_PRINCIPAL,
              REPORTS_EXPIRY));
    };
  }
}
