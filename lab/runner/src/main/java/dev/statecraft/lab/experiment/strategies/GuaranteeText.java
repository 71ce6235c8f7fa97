package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;

/**
 * What a strategy documents, in the words for its user.
 *
 * @param guarantee what it keeps
 * @param anomaly what it may lose or show
 */
record GuaranteeText(String guarantee, String anomaly) {

  static GuaranteeText of(SessionStrategy strategy, String reads, String writes) {
    return switch (strategy) {
      case AFFINITY -> new GuaranteeText("linearizable while its owner lives", "the owner's death loses its sessions");
      case REDIS -> switch (writes) {
        case "confirmed" -> new GuaranteeText(
            "any node serves any session; no acknowledged write is lost to another, nor to a failover of Redis",
            "of concurrent writes all but the first are refused; no write while a replica is away");
        case "compare-and-set" -> new GuaranteeText(
            "any node serves any session; no acknowledged write is lost to another",
            "of concurrent writes all but the first are refused; what Redis loses on failover is lost");
        default -> new GuaranteeText(
            "any node serves any session",
            "the last write wins on concurrent requests of one session; what Redis loses on failover is lost");
      };
      case REPLICATED -> new GuaranteeText(
          "an acknowledged write survives the loss of any minority of nodes; " + switch (reads) {
            case "linearizable" -> "every read sees all that was acknowledged before it";
            case "local" -> "a read sees what its node has learnt so far";
            default -> "users read their own writes and never go back";
          },
          "the minority side of a partition refuses writes; what the disks of a majority held is lost with them"
              + ("local".equals(reads) ? "; reads may be old" : ""));
      case COOKIE -> new GuaranteeText(
          "survives the loss of every node",
          "4 KiB at most; no revocation; concurrent tabs overwrite each other; an old cookie can be replayed");
    };
  }
}
