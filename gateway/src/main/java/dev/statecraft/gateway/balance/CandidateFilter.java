package dev.statecraft.gateway.balance;

import java.util.List;

/** Narrows the candidates of a request before the rule chooses, for example to nodes near the client. Thread-safe. */
@FunctionalInterface
public interface CandidateFilter {
  /** Keeps every candidate. */
  CandidateFilter ALL = (candidates, context) -> candidates;

  /** Returns a subset of {@code candidates}. If it is empty, the rule chooses among all candidates. */
  List<Node> narrow(List<Node> candidates, RoutingContext context);

  /** Returns a filter that applies this one and then {@code next}. */
  default CandidateFilter then(CandidateFilter next) {
    return (candidates, context) -> {
      List<Node> narrowed = narrow(candidates, context);
      return next.narrow(narrowed.isEmpty() ? candidates : narrowed, context);
    };
  }
}
