package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.history.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Judges what several clients ("tabs") of one session were shown, and how sessions end. A pure function; it knows of no
 * strategy. Terms as at {@link CartChecker}. Reads that are not over before a logout was invoked, or that began after
 * the session was lost, promise nothing.
 * <ul>
 * <li>Read your writes: a read misses an item whose {@code ADD} was acknowledged to the same client before it. Counted
 * once for each read.
 * <li>Monotonic reads: a read misses an item that an earlier read of the same client showed. Counted once for each
 * read.
 * <li>Monotonic writes: a read shows an item without, or in front of, one that the same client had got acknowledged
 * before it sent that item. Counted once for each item so shown.
 * <li>Writes follow reads: a read shows an item without, or in front of, one that its sender had been shown before it
 * sent that item. Counted once for each item so shown.
 * <li>Lost update: a lost acknowledged write, while which another client's {@code ADD} was under way whose item is in
 * the first read that misses the lost one. Counted once for each lost item.
 * <li>Resurrection: an answer other than an error to a call that began after a logout was acknowledged. Counted once
 * for each session.
 * <li>Two live ids: an answer other than an error to a call that began after a rotation was acknowledged, and carried
 * the id that it replaced or an older one; needs {@code generation}. Counted once for each session.
 * <li>Alive after expiry: an answer other than an error to a call that began after the session's time-out had passed
 * since the last call that may have used it was over. Counted once for each session.</ul>
 *
 * <p>Source of the first four: D. Terry et al., <em>Session Guarantees for Weakly Consistent Replicated Data</em> (PDIS
 * 1994). A client is Terry's session; the session is Terry's database.
 */
public final class SessionChecker {
  private SessionChecker() {}

  /** What a history proves to have gone wrong, by kind, then by session in the order of the history. */
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
