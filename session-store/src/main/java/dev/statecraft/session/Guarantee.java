package dev.statecraft.session;

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
}
