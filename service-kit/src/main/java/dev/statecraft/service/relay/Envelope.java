package dev.statecraft.service.relay;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A message with all its state.
 *
 * @param id unique, and unchanged on the whole route
 * @param route names of the peers that it has still to visit, in order
 * @param hops how many times it can still be forwarded
 * @param expires when it becomes invalid, in milliseconds since 1970
 * @param trail names of the nodes that it has visited, there and back
 * @param payload text of the client
 */
public record Envelope(String id, List<String> route, int hops, long expires, List<String> trail, String payload) {
  /** Copies the lists. */
  public Envelope {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(payload, "payload");
    route = List.copyOf(route);
    trail = List.copyOf(trail);
  }

  /** Returns the envelope with a node added to its trail. */
  Envelope visitedBy(String node) {
    return new Envelope(id, route, hops, expires, Stream.concat(trail.stream(), Stream.of(node)).toList(), payload);
  }

  /** Returns the envelope as it is sent to the first peer of its route. */
  public Envelope forwarded() {
    return new Envelope(id, route.subList(1, route.size()), hops - 1, expires, trail, payload);
  }
}
