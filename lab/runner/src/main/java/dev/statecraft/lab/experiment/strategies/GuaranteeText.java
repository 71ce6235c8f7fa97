package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.checker.guarantee.Writes;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What a strategy documents, in the words for its user.
 *
 * @param guarantee what it keeps
 * @param anomaly what it may lose or show
 */
record GuaranteeText(String guarantee, String anomaly) {
  private static final Map<SessionStrategy, BiFunction<String, String, GuaranteeText>> TEXTS = Map.of(
      SessionStrategy.AFFINITY,
      (_, _) -> new GuaranteeText("linearizable while its owner lives", "the owner's death loses its sessions"),
      SessionStrategy.REDIS, (_, writes) -> redis(writes), SessionStrategy.REPLICATED, (reads, _) -> replicated(reads),
      SessionStrategy.COOKIE, (_, _) -> new GuaranteeText("survives the loss of every node",
          "4 KiB at most; no revocation; concurrent tabs overwrite each other; an old cookie can be replayed"));

  static GuaranteeText of(SessionStrategy strategy, String reads, String writes) {
    return TEXTS.getOrDefault(strategy, (_, _) -> new GuaranteeText("", "")).apply(reads, writes);
  }

  private static GuaranteeText redis(String writes) {
    return switch (writes) {
      case Writes.CONFIRMED -> new GuaranteeText(
          "any node serves any session; no acknowledged write is lost to another, nor to a failover of Redis",
          "of concurrent writes all but the first are refused; no write while a replica is away");
      case Writes.COMPARE_AND_SET ->
        new GuaranteeText("any node serves any session; no acknowledged write is lost to another",
            "of concurrent writes all but the first are refused; what Redis loses on failover is lost");
      default -> new GuaranteeText("any node serves any session",
          "the last write wins on concurrent requests of one session; what Redis loses on failover is lost");
    };
  }

  private static GuaranteeText replicated(String reads) {
    return new GuaranteeText("an acknowledged write survives the loss of any minority of nodes; " + switch (reads) {
      case Reads.LINEARIZABLE -> "every read sees all that was acknowledged before it";
      case Reads.LOCAL -> "a read sees what its node has learnt so far";
      default -> "users read their own writes and never go back";
    }, "the minority side of a partition refuses writes; what the disks of a majority held is lost with them"
        + (reads.equals(Reads.LOCAL) ? "; reads may be old" : ""));
  }
}
