package dev.statecraft.gateway.affinity;

import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RendezvousHashing;
import dev.statecraft.gateway.balance.RoutingContext;
import java.util.List;

/**
 * Assigns by a rendezvous hash of the user's pseudonym ({@link AffinityCookie#pseudonym}). All devices of a user are
 * assigned to one node. If that node dies, its users spread over the others and no other user moves. Balances users,
 * not their load. Stateless.
 */
public final class UserIdAffinity implements CandidateFilter {
  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext context) {
    String user = context.user();
    return user == null || candidates.isEmpty()
        ? candidates
        : List.of(RendezvousHashing.choose(candidates, RendezvousHashing.hash(user)));
  }
}
