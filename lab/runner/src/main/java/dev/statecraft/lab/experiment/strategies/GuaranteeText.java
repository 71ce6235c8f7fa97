package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.checker.guarantee.Writes;
import java.util.Map;
import java.util.function.BiFunction;

/** The documented guarantee of a strategy, and the anomaly that it may show, for reports. */
record GuaranteeText(String guarantee, String anomaly) {
  private static final Map<SessionStrategy, BiFunction<String, String, GuaranteeText>> TEXTS = Map.of(
      SessionStrategy.AFFINITY,
      (_, _) -> new GuaranteeText("linearizable while its owner lives", "if a node is lost, its sessions are lost"),
      SessionStrategy.REDIS, (_, writes) -> redis(writes), SessionStrategy.REPLICATED, (reads, _) -> replicated(reads),
      SessionStrategy.COOKIE, (_, _) -> new GuaranteeText("survives the loss of every node",
          "4 KiB at most; no revocation; concurrent tabs overwrite each other; an old cookie can be replayed"));

  static GuaranteeText of(SessionStrategy strategy, String reads, String writes) {
    return TEXTS.getOrDefault(strategy, (_, _) -> new GuaranteeText("", "")).apply(reads, writes);
  }

  private static GuaranteeText redis(String writes) {
    return switch (writes) {
      case Writes.CONFIRMED -> new GuaranteeText(
          "any node serves any session; no acknowledged write is overwritten, or lost by a failover of Redis",
          "of concurrent writes only one succeeds; no writes while a replica is down");
      case Writes.COMPARE_AND_SET ->
        new GuaranteeText("any node serves any session; no acknowledged write is overwritten",
            "of concurrent writes only one succeeds; what Redis loses on failover is lost");
      default -> new GuaranteeText("any node serves any session",
          "the last of concurrent writes to a session wins; what Redis loses on failover is lost");
    };
  }

  private static GuaranteeText replicated(String reads) {
    return new GuaranteeText("an acknowledged write survives the loss of any minority of nodes; " + switch (reads) {
      case Reads.LINEARIZABLE -> "every read sees all that was acknowledged before it";
      case Reads.LOCAL -> "a read sees what its node has applied so far";
      default -> "users read their own writes, and their reads are monotonic";
    }, "the minority side of a partition rejects writes; losing the disks of a majority loses what they held"
        + (reads.equals(Reads.LOCAL) ? "; reads may be stale" : ""));
  }
}
