package dev.statecraft.gateway.affinity;

import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RendezvousHashing;
import dev.statecraft.gateway.balance.RoutingContext;
import java.util.List;

/**
 * Assigns by a rendezvous hash of the user's name. All devices of a user are assigned to one node. If that node dies,
 * its users spread over the others and no other user moves. Balances users, not their load. Stateless.
 */
public final class UserIdAffinity implements CandidateFilter {
  private static final int RADIX = 16;

  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext context) {
    String user = context.user();
    return user == null || candidates.isEmpty()
        ? candidates
        : List.of(RendezvousHashing.choose(candidates, Long.parseUnsignedLong(user, RADIX)));
  }

  /** Returns the pseudonym of a user for cookies and hashes: a 64-bit hash of the name in hexadecimal. */
  public static String pseudonym(String user) {
    return Long.toUnsignedString(RendezvousHashing.hash(user), RADIX);
  }
}
