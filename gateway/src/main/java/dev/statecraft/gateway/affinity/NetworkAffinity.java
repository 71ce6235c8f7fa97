package dev.statecraft.gateway.affinity;

import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.client.AddressBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Assigns a client by its address: the longest block of addresses that contains it names a group of nodes. O(blocks +
 * nodes). Fails if many clients share an address (a proxy, a carrier's NAT), if a client roams (its cookie keeps it at
 * the first node), or if the client's address cannot be trusted. A client in no block, or in a group without a
 * candidate, may go to any node. Immutable.
 */
public final class NetworkAffinity implements CandidateFilter {
  private record GroupBlock(AddressBlock block, String group) {}

  private final List<GroupBlock> longestFirst;

  private NetworkAffinity(List<GroupBlock> longestFirst) {
    this.longestFirst = longestFirst;
  }

  /**
   * Parses the blocks of each group, separated by commas.
   *
   * @throws IllegalArgumentException if one is not a block
   */
  public static NetworkAffinity parse(Map<String, String> blocksByGroup) {
    List<GroupBlock> blocks = new ArrayList<>();
    blocksByGroup.forEach((group, text) -> {
      for (String block : text.split(",", -1)) {
        blocks.add(new GroupBlock(AddressBlock.parse(block.strip()), group));
      }
    });
    blocks.sort((left, right) -> right.block().prefixLength() - left.block().prefixLength());
    return new NetworkAffinity(List.copyOf(blocks));
  }

  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext context) {
    for (GroupBlock entry : longestFirst) {
      if (entry.block().contains(context.clientAddress())) {
        return candidates.stream().filter(node -> entry.group().equals(node.group())).toList();
      }
    }
    return candidates;
  }
}
