package dev.statecraft.gateway.affinity;

import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Assigns what the user picked: a login names one of the offered nodes by its opaque id in {@link #HEADER}. A node that
 * is unknown, or out, is as good as no choice. Balances nothing by itself; a popular node fills up. Thread-safe.
 */
public final class UserChoice implements CandidateFilter {
  /** Header of a login that carries the id of the chosen node. */
  public static final String HEADER = "X-Affinity-Node";

  /** A node that a user may pick. */
  public record Offer(String id, String label) {}

  private final AffinityCookie cookie;

  public UserChoice(AffinityCookie cookie) {
    this.cookie = cookie;
  }

  /** Returns what may be picked now. */
  public List<Offer> offers(List<Node> available) {
    List<Offer> offers = new ArrayList<>();
    for (Node node : available) {
      offers.add(new Offer(cookie.pin(node.name(), 0, "").nodeId(), node.label()));
    }
    return offers;
  }

  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext facts) {
    String choice = facts.header(HEADER);
    if (choice != null) {
      for (Node node : candidates) {
        if (cookie.names(choice, node.name())) {
          return List.of(node);
        }
      }
    }
    return candidates;
  }
}
