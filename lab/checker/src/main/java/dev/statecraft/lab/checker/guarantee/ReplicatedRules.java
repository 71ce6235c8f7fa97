package dev.statecraft.lab.checker.guarantee;

import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.LOSSES;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OLD_IDS;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OLD_READS;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OWN_PAST;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.Workload;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code replicated}: with {@code reads=linearizable}, nothing. With {@code session}, a client may read the past of
 * <em>other</em> clients of its session, never its own, as long as clients do not share one cookie jar: of two answers
 * that overtake each other the older token may stay, and what it has not seen is then not waited for. With
 * {@code local}, stale and backward reads, and what looks like a loss within five seconds of the write or of a fault,
 * for a node that lags cannot be told from a loss. In every mode, whatever was lost once the disks of a majority were
 * wiped at one time, and the sessions that were open while any clock was wrong by as much as a session may idle, for
 * the leader's clock decides.
 */
final class ReplicatedRules implements GuaranteeRules {
  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    Set<AnomalyKind> kinds = EnumSet.noneOf(AnomalyKind.class);
    boolean shared = context.sessionsAreShared();
    if (readsAre(Reads.LOCAL, context) || (shared && readsAre(Reads.SESSION, context))) {
      kinds.addAll(OLD_READS);
      kinds.addAll(OLD_IDS);
      kinds.add(AnomalyKind.FORBIDDEN_TRANSITION);
    }
    if (readsAre(Reads.LOCAL, context) || (shared && tokensOvertake(context))) {
      kinds.addAll(OWN_PAST);
    }
    return kinds;
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    AnomalyKind kind = anomaly.kind();
    if (AnomalyGroups.OF_CHECKOUT.contains(kind)) {
      // What was read late cannot be done again, because its write is refused.
      return context.majorityWiped(anomaly)
          || (kind == AnomalyKind.FORBIDDEN_TRANSITION && readsAllowTransition(anomaly, context));
    }
    return (LOSSES.contains(kind) && context.majorityWiped(anomaly)) || readsAllow(anomaly, context)
        || (kind == AnomalyKind.LOST_SESSION && context.livedUnderAWrongClock(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }

  /** A state that was read late shows as a way back, as an item does that is missing. */
  private static boolean readsAllowTransition(Anomaly anomaly, AnomalyContext context) {
    return readsAre(Reads.LOCAL, context)
        || (readsAre(Reads.SESSION, context) && !AnomalyContext.concernsOneClient(anomaly));
  }

  private static boolean readsAllow(Anomaly anomaly, AnomalyContext context) {
    AnomalyKind kind = anomaly.kind();
    boolean oldOrOwn = OLD_READS.contains(kind) || OWN_PAST.contains(kind);
    if (readsAre(Reads.LOCAL, context)) {
      return oldOrOwn || ((LOSSES.contains(kind) || OLD_IDS.contains(kind)) && !context.settled(anomaly));
    }
    return readsAre(Reads.SESSION, context)
        && ((oldOrOwn && tokensOvertake(context)) || (OLD_READS.contains(kind) && !context.forgetsItsOwnClient(anomaly))
            || (OLD_IDS.contains(kind) && !AnomalyContext.concernsOneClient(anomaly)));
  }

  /** Whether an answer may leave an older token than a later one had brought: tabs keep one cookie for all. */
  private static boolean tokensOvertake(AnomalyContext context) {
    String workload = context.history().workload();
    return readsAre(Reads.SESSION, context) && workload != null
        && Workload.named(workload).filter(Workload::sharesSessions).isPresent();
  }

  private static boolean readsAre(String reads, AnomalyContext context) {
    return reads.equals(context.history().reads());
  }
}
