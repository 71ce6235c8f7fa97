package dev.statecraft.gateway.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the connections that are closed in favor of new ones: those of the client that holds most connections, its
 * idle ones first. Of clients that hold equally many, the one that has kept the gateway waiting longest gives way. So a
 * client with one connection loses it only if no client has more.
 */
final class EvictionOrder {
  /**
   * A connection that may give way.
   *
   * @param client null if the peer serves many clients; then the connection counts as the only one of a client
   * @param idle whether it has no exchange
   * @param slowness rank among connections of one client; 0 if the gateway does not wait for the client
   */
  record Candidate<T>(T connection, @Nullable String client, boolean idle, long slowness) {
    /** Tells whether it may give way although it is its client's only one. */
    boolean isWaiting() {
      return idle || slowness > 0;
    }
  }

  private static final class Group<T> {
    private final Deque<Candidate<T>> candidates;
    private int connections;

    Group(List<Candidate<T>> candidates, int connections) {
      candidates.sort(Comparator.<Candidate<T>, Boolean>comparing(Candidate::idle)
          .thenComparingLong(Candidate::slowness).reversed());
      this.candidates = new ArrayDeque<>(candidates);
      this.connections = connections;
    }

    Candidate<T> first() {
      return candidates.getFirst();
    }
  }

  private EvictionOrder() {}

  /**
   * Returns the connections to close, in order.
   *
   * @param connections returns how many a client holds, at least those among the candidates
   * @param most that may be returned. Fewer are returned when each client is left with one.
   */
  static <T> List<T> choose(List<Candidate<T>> candidates, ToIntFunction<String> connections, int most) {
    PriorityQueue<Group<T>> groups = new PriorityQueue<>(Comparator.<Group<T>>comparingInt(group -> group.connections)
        .thenComparingLong(group -> group.first().slowness()).reversed());
    Map<String, List<Candidate<T>>> byClient = new HashMap<>();
    for (Candidate<T> candidate : candidates) {
      if (candidate.client() == null) {
        groups.add(new Group<>(new ArrayList<>(List.of(candidate)), 1));
      } else {
        byClient.computeIfAbsent(candidate.client(), client -> new ArrayList<>()).add(candidate);
      }
    }
    byClient
        .forEach((client, own) -> groups.add(new Group<>(own, Math.max(own.size(), connections.applyAsInt(client)))));
    List<T> chosen = new ArrayList<>();
    boolean equal = groups.isEmpty() || groups.element().connections == 1;
    while (chosen.size() < most && !groups.isEmpty()) {
      Group<T> largest = groups.remove();
      if (largest.connections == 1 && !equal && !chosen.isEmpty()) {
        break;
      }
      if (largest.connections > 1 || largest.first().isWaiting()) {
        chosen.add(largest.candidates.removeFirst().connection());
        largest.connections--;
        if (!largest.candidates.isEmpty()) {
          groups.add(largest);
        }
      }
    }
    return chosen;
  }
}
