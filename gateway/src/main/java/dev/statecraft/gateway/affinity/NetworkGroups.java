package dev.statecraft.gateway.affinity;

import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.client.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Assigns by where a client is: the longest block of addresses that holds it names a group of nodes. O(blocks + nodes).
 * Fails where many clients share an address (a proxy, a carrier's NAT), where a client roams (its cookie keeps it at
 * the first node), and where the client's address is not to be trusted. A client of no block, or of a group with no
 * node left, may go to any node. Immutable.
 */
public final class NetworkGroups implements CandidateFilter {
  private record Block(Cidr cidr, String group) {}

  private final List<Block> longestFirst;

  private NetworkGroups(List<Block> longestFirst) {
    this.longestFirst = longestFirst;
  }

  /**
   * Reads the blocks of each group, separated by commas.
   *
   * @throws IllegalArgumentException when one is no block
   */
  public static NetworkGroups parse(Map<String, String> blocksByGroup) {
    List<Block> blocks = new ArrayList<>();
    blocksByGroup.forEach((group, text) -> {
      for (String block : text.split(",", -1)) {
        blocks.add(new Block(Cidr.parse(block.strip()), group));
      }
    });
    blocks.sort((left, right) -> right.cidr().length() - left.cidr().length());
    return new NetworkGroups(List.copyOf(blocks));
  }

  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext facts) {
    for (Block block : longestFirst) {
      if (block.cidr().contains(facts.clientAddress())) {
        return candidates.stream().filter(node -> block.group().equals(node.group())).toList();
      }
    }
    return candidates;
  }
}
