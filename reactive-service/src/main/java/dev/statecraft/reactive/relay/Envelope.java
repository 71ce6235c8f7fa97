package dev.statecraft.reactive.relay;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A message with all its state.
 *
 * @param id the same on the whole journey
 * @param route the peers that are still to be visited, in order
 * @param hops how many times it may still be forwarded
 * @param expires when it is no longer good, in milliseconds since 1970
 * @param trail the nodes that it has passed, there and back
 * @param payload what it carries
 */
record Envelope(String id, List<String> route, int hops, long expires, List<String> trail, String payload) {
  Envelope {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(payload, "payload");
    route = List.copyOf(route);
    trail = List.copyOf(trail);
  }

  /** As it is once it has come to a node. */
  Envelope at(String node) {
    return new Envelope(id, route, hops, expires, Stream.concat(trail.stream(), Stream.of(node)).toList(), payload);
  }

  /** As it is sent on to the first peer of its route. */
  Envelope onward() {
    return new Envelope(id, route.subList(1, route.size()), hops - 1, expires, trail, payload);
  }
}
