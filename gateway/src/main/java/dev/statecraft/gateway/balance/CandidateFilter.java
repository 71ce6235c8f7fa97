package dev.statecraft.gateway.balance;

import java.util.List;

/** Narrows the nodes among which a rule chooses, for example to those near the client. Thread-safe. */
@FunctionalInterface
public interface CandidateFilter {
  /** Leaves every node in. */
  CandidateFilter ALL = (candidates, facts) -> candidates;

  /** Returns some of {@code candidates}; when it returns none, the rule chooses among all of them. */
  List<Node> narrow(List<Node> candidates, RoutingContext facts);
}
