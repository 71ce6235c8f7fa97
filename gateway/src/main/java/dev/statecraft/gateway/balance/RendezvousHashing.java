package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.function.Function;

/**
 * Highest random weight hashing (Thaler and Ravishankar, 1998), with weights after Schindelhauer and Schomaker: each
 * node gets a score from a key of the request, and the highest score wins. O(nodes); stateless, so every gateway
 * chooses the same node. Balances keys, not requests. A node that joins takes over only its share of the keys (a
 * quarter, from three to four nodes), and a node that leaves gives up only its own. Fails if few keys carry most of the
 * traffic (one proxy in front of many clients for {@code ip-hash}, one hot path for {@code url-hash}).
 */
public final class RendezvousHashing implements BalancingRule {
  private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
  private static final double SCALE = 0x1.0p-53;

  private final Function<RoutingContext, String> key;

  /** Makes a rule that hashes the part of a request that {@code key} returns. */
  public RendezvousHashing(Function<RoutingContext, String> key) {
    this.key = key;
  }

  @Override
  public Node choose(List<Node> candidates, RoutingContext context) {
    return choose(candidates, hash(key.apply(context)));
  }

  @Override
  public boolean keepsKeys() {
    return true;
  }

  /** Returns the node of {@code candidates} with the highest score for a hashed key. */
  public static Node choose(List<Node> candidates, long hashedKey) {
    Node best = candidates.getFirst();
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      Node node = candidates.get(i);
      // Uniform in (0, 1); a weight w wins with probability w / sum when the score is w / -ln(uniform).
      double uniform = uniform(mix(hashedKey ^ node.seed()));
      double score = node.weight() / -Math.log(uniform);
      if (score > bestScore) {
        best = node;
        bestScore = score;
      }
    }
    return best;
  }

  /** Returns a 64-bit hash of the text (FNV-1a, then mixed), the same on every machine. */
  public static long hash(String text) {
    long hash = 0xCBF2_9CE4_8422_2325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100_0000_01B3L;
    }
    return mix(hash);
  }

  /** Returns a number between 0 and 1 for a hash. */
  static double uniform(long hash) {
    return ((hash >>> 11) + 0.5) * SCALE;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long bits) {
    long mixed = bits + GOLDEN_GAMMA;
    mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ mixed >>> 31;
  }
}
