package dev.statecraft.gateway.affinity;

import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.Rendezvous;
import dev.statecraft.gateway.balance.RoutingContext;
import java.util.List;

/**
 * Assigns by a rendezvous hash of the user. All devices of a user meet at one node, and when that node dies its users
 * spread over the others while nobody else moves. Balances users: one who works for a hundred weighs as one. Stateless.
 */
public final class UserId implements CandidateFilter {
  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext facts) {
    String user = facts.user();
    return user == null || candidates.isEmpty()
        ? candidates
        : List.of(Rendezvous.choose(candidates, Long.parseUnsignedLong(user, RADIX)));
  }

  /** Returns what stands for a user in cookies and hashes: 64 bits in hexadecimal, from which no name can be read. */
  public static String pseudonym(String user) {
    return Long.toUnsignedString(Rendezvous.hash(user), RADIX);
  }

  private static final int RADIX = 16;
}
