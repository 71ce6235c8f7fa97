package dev.statecraft.lab.checker.guarantee;

import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.LOSSES;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.LIVE_OLD_IDS;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.STALE_READS;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OWN_CLIENT_READS;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.Workload;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code replicated} may show nothing with {@code reads=linearizable}. With {@code session}, a client may read an old
 * state of <em>other</em> clients' writes, never of its own. This holds unless clients share a cookie jar: if two
 * answers overtake each other, the older token may remain, and a node does not wait for writes that this token has not
 * seen. With {@code local}, reads may be stale or non-monotonic, and within five seconds of the write or of a fault a
 * lagging node looks like a loss. In every mode, anything may be lost after the disks of a majority were wiped at the
 * same time. Sessions that were open while any clock error reached the session time-out may be lost too, because the
 * leader's clock decides.
 */
public final class ReplicatedRules implements GuaranteeRules {
  @Override
  public String strategy() {
    return "replicated";
  }

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    Set<AnomalyKind> kinds = EnumSet.noneOf(AnomalyKind.class);
    boolean shared = context.sessionsAreShared();
    if (readsAre(Reads.LOCAL, context) || (shared && readsAre(Reads.SESSION, context))) {
      kinds.addAll(STALE_READS);
      kinds.addAll(LIVE_OLD_IDS);
      kinds.add(AnomalyKind.FORBIDDEN_TRANSITION);
    }
    if (readsAre(Reads.LOCAL, context) || (shared && tokensOvertake(context))) {
      kinds.addAll(OWN_CLIENT_READS);
    }
    return kinds;
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    AnomalyKind kind = anomaly.kind();
    if (AnomalyGroups.CHECKOUT_ANOMALIES.contains(kind)) {
      // A step based on a stale read is not repeated, because its write is rejected.
      return context.majorityWiped(anomaly)
          || (kind == AnomalyKind.FORBIDDEN_TRANSITION && readsAllowTransition(anomaly, context));
    }
    return (LOSSES.contains(kind) && context.majorityWiped(anomaly)) || readsAllow(anomaly, context)
        || (kind == AnomalyKind.LOST_SESSION && context.openUnderWrongClock(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }

  /** A stale read of the state looks like a transition back, as a stale read of the cart looks like a missing item. */
  private static boolean readsAllowTransition(Anomaly anomaly, AnomalyContext context) {
    return readsAre(Reads.LOCAL, context)
        || (readsAre(Reads.SESSION, context) && !AnomalyContext.concernsOneClient(anomaly));
  }

  private static boolean readsAllow(Anomaly anomaly, AnomalyContext context) {
    AnomalyKind kind = anomaly.kind();
    boolean oldOrOwn = STALE_READS.contains(kind) || OWN_CLIENT_READS.contains(kind);
    if (readsAre(Reads.LOCAL, context)) {
      return oldOrOwn || ((LOSSES.contains(kind) || LIVE_OLD_IDS.contains(kind)) && !context.settled(anomaly));
    }
    return readsAre(Reads.SESSION, context) && ((oldOrOwn && tokensOvertake(context))
        || (STALE_READS.contains(kind) && !context.missesOwnClientsItems(anomaly))
        || (LIVE_OLD_IDS.contains(kind) && !AnomalyContext.concernsOneClient(anomaly)));
  }

  /** Tells whether an answer may overwrite a newer token: tabs share one cookie. */
  private static boolean tokensOvertake(AnomalyContext context) {
    String workload = context.history().workload();
    return readsAre(Reads.SESSION, context) && workload != null
        && Workload.named(workload).filter(Workload::sharesSessions).isPresent();
  }

  private static boolean readsAre(String reads, AnomalyContext context) {
    return reads.equals(context.history().reads());
  }
}
