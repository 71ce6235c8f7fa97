package dev.statecraft.gateway.balance;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a gateway divides its requests among zones, as zone-aware routing of Envoy does. It assumes that each zone has
 * gateways with the same number of requests. As long as the own zone has its part of the capacity, all requests stay
 * there; otherwise so many that its nodes get no more than the other nodes, and the rest goes to zones with more than
 * their part.
 */
final class ZoneShares {
  private ZoneShares() {}

  /**
   * Returns the share of each zone that gets requests; the sum is 1. Empty if there is nothing to prefer: the own zone
   * has no capacity, or no other has.
   *
   * @param capacities of each zone; positive
   */
  static Map<String, Double> of(String own, Map<String, Integer> capacities) {
    int zones = capacities.size();
    if (zones < 2 || !capacities.containsKey(own)) {
      return Map.of();
    }
    double total = capacities.values().stream().mapToInt(Integer::intValue).sum();
    double fair = 1.0 / zones;
    double local = Math.min(1, capacities.getOrDefault(own, 0) / total / fair);
    Map<String, Double> shares = new TreeMap<>();
    shares.put(own, local);
    Map<String, Double> surplus = new TreeMap<>();
    capacities.forEach((zone, capacity) -> {
      if (!zone.equals(own) && capacity / total > fair) {
        surplus.put(zone, capacity / total - fair);
      }
    });
    double all = surplus.values().stream().mapToDouble(Double::doubleValue).sum();
    if (local < 1) {
      surplus.forEach((zone, more) -> shares.put(zone, (1 - local) * more / all));
    }
    return shares;
  }
}
