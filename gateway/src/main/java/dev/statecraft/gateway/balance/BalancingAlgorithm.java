package dev.statecraft.gateway.balance;

import java.util.function.LongSupplier;

/** The values of a route's {@code balance} setting. */
public enum BalancingAlgorithm {
  /** Each node in turn: {@link RoundRobin}. */
  ROUND_ROBIN,
  /** By configured weights: {@link WeightedRoundRobin}. */
  WEIGHTED,
  /** By a hash of the client's IPv4 address or IPv6 network: {@link RendezvousHashing}. */
  IP_HASH,
  /** The fewest requests in flight: {@link LeastConnections}. */
  LEAST_CONNECTIONS,
  /** The shortest expected wait: {@link PeakEwma}. */
  FAIR,
  /** By a hash of path and query: {@link RendezvousHashing}. */
  URL_HASH,
  /** The better of two random nodes: {@link PowerOfTwoChoices}. */
  POWER_OF_TWO_CHOICES,
  /** By a hash of {@code hash-key}: {@link RendezvousHashing}. */
  RENDEZVOUS;

  /** Makes a rule that shares no state with others. Only {@link #RENDEZVOUS} uses {@code key}. */
  public BalancingRule rule(HashKey key, LongSupplier nanoTime) {
    return switch (this) {
      case ROUND_ROBIN -> new RoundRobin();
      case WEIGHTED -> new WeightedRoundRobin();
      case IP_HASH -> new RendezvousHashing(RoutingContext::clientNetwork);
      case LEAST_CONNECTIONS -> new LeastConnections(nanoTime);
      case FAIR -> new PeakEwma(nanoTime);
      case URL_HASH -> new RendezvousHashing(RoutingContext::target);
      case POWER_OF_TWO_CHOICES -> new PowerOfTwoChoices(nanoTime);
      case RENDEZVOUS -> new RendezvousHashing(key.reader());
    };
  }
}
