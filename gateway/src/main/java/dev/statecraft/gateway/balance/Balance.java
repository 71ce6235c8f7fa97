package dev.statecraft.gateway.balance;

import java.util.function.LongSupplier;

/** The rules that {@code balance} of a route may name. */
public enum Balance {
  /** One node after the other: {@link RoundRobin}. */
  ROUND_ROBIN,
  /** By weights that were set: {@link Weighted}. */
  WEIGHTED,
  /** By a hash of the client's address: {@link Rendezvous}. */
  IP_HASH,
  /** Fewest requests in flight: {@link LeastConnections}. */
  LEAST_CONNECTIONS,
  /** First expected answer: {@link PeakEwma}. */
  FAIR,
  /** By a hash of path and query: {@link Rendezvous}. */
  URL_HASH,
  /** The better of two at random: {@link PowerOfTwoChoices}. */
  POWER_OF_TWO_CHOICES,
  /** By a hash of {@code hash-key}: {@link Rendezvous}. */
  RENDEZVOUS;

  /** Makes the rule, with state of its own; {@code key} is used by {@link #RENDEZVOUS} alone. */
  public BalancingRule rule(HashKey key, LongSupplier nanoTime) {
    return switch (this) {
      case ROUND_ROBIN -> new RoundRobin();
      case WEIGHTED -> new Weighted();
      case IP_HASH -> new Rendezvous(RoutingContext::clientAddress);
      case LEAST_CONNECTIONS -> new LeastConnections(nanoTime);
      case FAIR -> new PeakEwma(nanoTime);
      case URL_HASH -> new Rendezvous(RoutingContext::target);
      case POWER_OF_TWO_CHOICES -> new PowerOfTwoChoices(nanoTime);
      case RENDEZVOUS -> new Rendezvous(key.reader());
    };
  }
}
