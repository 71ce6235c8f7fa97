package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.Verdict;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the carts of a history: each is an append-only list, and every read shows a prefix of it. A pure function that
 * knows no strategy ({@code Checker} does). Its time is linear in the size of a history without anomalies.
 *
 * <p>An operation is <em>before</em> another if it completed before the other was invoked; all other operations are
 * concurrent. An item is <em>acknowledged</em> if its {@code ADD} succeeded. An {@code ADD} of unknown outcome may take
 * effect at any time after its invocation, or never. The <em>last proof</em> of an item is the later of its
 * acknowledgement and the completion of the last read that shows it. A read that did not complete before a logout was
 * invoked need not show anything.
 * <ul>
 * <li>Lost acknowledged write: an acknowledged item, and a read that began after the item's last proof. Every such read
 * misses it. Counted once for each item; reads that miss a lost item do not also count as stale or backward.
 * <li>Lost session: a 401 to a cookie from a login, if no logout that may have taken effect was invoked before that
 * answer, no rotation can have replaced the id, and the session was not idle for its time-out; or a read that shows no
 * earlier item, if at least two items, one of them acknowledged, had their last proof before. Counted once for each
 * session; all items known to have been in its cart count as {@link Verdict#lostItems()} and not as lost writes.
 * <li>Stale read: a read that misses an item acknowledged before it, while a read that completed later shows the item.
 * Counted once for each read.
 * <li>Backward read: a read that misses an item that a read before it shows, and that is not lost. Counted once for
 * each read at which an item disappears, not again for the same client while it is missing.
 * <li>Duplicate: an item that a read shows more often than it was sent. Counted once for each item.
 * <li>Phantom: an item that a read shows although no {@code ADD} of it in that session, except failed ones, was invoked
 * before the read completed. Counted once for each item.
 * <li>Order disagreement: an item x and an item y, both sent once, and a read that shows y before x or without x,
 * although x was known (acknowledged, or shown by a completed read) before y was sent, or another read shows x before
 * y. Not counted if x is missing and counts as one of the above. Counted once for each x.</ul>
 *
 * <p>Sources: the anomalies of append-only lists are those of Kingsbury and Alvaro, <em>Elle: Inferring Isolation
 * Anomalies from Experimental Observations</em> (VLDB 2020); unknown outcomes as in Jepsen; stale and backward reads
 * violate the recency of Herlihy and Wing, <em>Linearizability</em> (TOPLAS 1990), and the monotonic reads of Terry et
 * al., <em>Session Guarantees for Weakly Consistent Replicated Data</em> (PDIS 1994).
 */
public final class CartChecker {
  private CartChecker() {}

  /** Returns the verdict on a history. */
  public static Verdict check(History history) {
    Map<String, Operation> senders = new HashMap<>();
    for (Operation operation : history.operations()) {
      if (operation.item() != null) {
        senders.putIfAbsent(operation.item(), operation);
      }
    }
    return new Verdict(history.operations().size(),
        carts(history).stream().flatMap(cart -> check(cart, senders, history.sessionTimeoutMillis()).stream())
            .sorted(Comparator.comparing(Anomaly::kind)).toList());
  }

  private static List<Anomaly> check(Cart cart, Map<String, Operation> senders, @Nullable Long sessionTimeoutMillis) {
    MissingItemFinder missingItems = new MissingItemFinder(cart);
    SessionLoss loss = SessionLoss.find(cart, missingItems, sessionTimeoutMillis);
    List<Anomaly> found = new ArrayList<>();
    if (loss != null) {
      found.add(loss.anomaly(cart));
    }
    found.addAll(new MissingItems(cart, missingItems, loss).find());
    found.addAll(CartContents.duplicates(cart));
    found.addAll(CartContents.phantoms(cart, senders));
    found.addAll(new ItemOrder(cart, missingItems, loss).find());
    return found;
  }

  /** Returns the sessions of a history. A second login under the same name opens another session, as in the service. */
  public static List<Cart> carts(History history) {
    Map<String, List<Operation>> current = new LinkedHashMap<>();
    List<Map.Entry<String, List<Operation>>> all = new ArrayList<>();
    history.operations().stream().sorted(Comparator.comparingLong(Operation::invoked).thenComparingLong(Operation::id))
        .forEach(operation -> {
          List<Operation> operations = current.get(operation.session());
          if (operations == null || (Cart.opens(operation) && operations.stream().anyMatch(Cart::opens))) {
            operations = new ArrayList<>();
            current.put(operation.session(), operations);
            all.add(Map.entry(operation.session(), operations));
          }
          operations.add(operation);
        });
    return all.stream().map(entry -> new Cart(entry.getKey(), entry.getValue())).toList();
  }
}
