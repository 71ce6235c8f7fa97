package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.history.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Checks what several clients ("tabs") of one session saw, and how sessions end. A pure function that knows no
 * strategy. {@link CartChecker} defines the terms. Ignores reads that did not complete before a logout was invoked or
 * that began after the session was lost.
 * <ul>
 * <li>Read your writes: a read misses an item whose {@code ADD} was acknowledged to the same client before it. Counted
 * once for each read.
 * <li>Monotonic reads: a read misses an item that an earlier read of the same client showed. Counted once for each
 * read.
 * <li>Monotonic writes: a read shows an item without, or before, an item that was acknowledged to the same client
 * before it sent the first one. Counted once for each such item.
 * <li>Writes follow reads: a read shows an item without, or before, an item that its sender had read before it sent the
 * first one. Counted once for each such item.
 * <li>Lost update: a lost acknowledged write, if another client's {@code ADD} was concurrent with it and the first read
 * that misses the lost item shows the other client's item. Counted once for each lost item.
 * <li>Resurrection: a successful answer to a call that began after a logout was acknowledged. Counted once for each
 * session.
 * <li>Two live ids: a successful answer to a call that began after a rotation was acknowledged and that carried the
 * replaced id or an older one; needs {@code generation}. Counted once for each session.
 * <li>Alive after expiry: a successful answer to a call that began later than the session's time-out after the
 * completion of the last call that may have used the session. Counted once for each session.</ul>
 *
 * <p>Source of the first four: D. Terry et al., <em>Session Guarantees for Weakly Consistent Replicated Data</em> (PDIS
 * 1994). A client is Terry's session; the session is Terry's database.
 */
public final class SessionChecker {
  private SessionChecker() {}

  /** Returns the anomalies, by kind, then by session in the order of the history. */
  public static List<Anomaly> check(History history) {
    List<Anomaly> found = new ArrayList<>();
    for (Cart cart : CartChecker.carts(history)) {
      MissingItemFinder missingItems = new MissingItemFinder(cart);
      SessionLoss loss = SessionLoss.find(cart, missingItems, history.sessionTimeoutMillis());
      found.addAll(new ClientGuarantees(cart, loss).find());
      found.addAll(LostUpdates.find(cart, missingItems, loss));
      found.addAll(SessionTermination.find(cart, history.sessionTimeoutMillis()));
    }
    found.sort(Comparator.comparing(Anomaly::kind));
    return List.copyOf(found);
  }
}
