package dev.statecraft.gateway.affinity;

import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Assigns the node that the user chose: a login names one of the offered nodes by its opaque id in {@link #HEADER}. A
 * node that is unknown or unavailable counts as no choice. Balances nothing by itself: a popular node gets all its
 * users. Thread-safe.
 */
public final class UserChoiceAffinity implements CandidateFilter {
  /** Request header of a login with the id of the chosen node. */
  public static final String HEADER = "X-AffinityPolicy-Node";

  /** A node that a user may choose. */
  public record Offer(String id, String label) {}

  private final AffinityCookie cookie;

  public UserChoiceAffinity(AffinityCookie cookie) {
    this.cookie = cookie;
  }

  /** Returns the nodes that may be chosen now. */
  public List<Offer> offers(List<Node> available) {
    List<Offer> offers = new ArrayList<>();
    for (Node node : available) {
      offers.add(new Offer(cookie.activeNodeId(node.name()), node.label()));
    }
    return offers;
  }

  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext context) {
    String choice = context.header(HEADER);
    if (choice != null) {
      for (Node node : candidates) {
        if (cookie.isIdOf(choice, node.name())) {
          return List.of(node);
        }
      }
    }
    return candidates;
  }
}
