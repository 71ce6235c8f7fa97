package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The moment at which a session was lost, and what went with it.
 *
 * @param shownBy the answer that shows it: a 401, or a cart that replaced the old one
 * @param items what was in the cart until then and never showed again
 */
public record SessionLoss(Operation shownBy, Set<Item> items) {
  private static final int UNAUTHORIZED = 401;
  /** A session that is only read may end earlier by this part of its time-out: not every read is written down. */
  private static final int UNTOLD_PART = 20;

  /** The first loss of a session, or null where it has none. */
  static @Nullable SessionLoss find(Cart cart, MissingItemFinder missingItems, @Nullable Long sessionTimeoutMillis) {
    Operation refusal = unjustRefusal(cart, sessionTimeoutMillis);
    Operation replaced = missingItems.firstReadOfReplacedCart();
    Operation shownBy = refusal == null || (replaced != null && replaced.invoked() < refusal.invoked())
        ? replaced
        : refusal;
    if (shownBy == null) {
      return null;
    }
    return new SessionLoss(shownBy, cart.items().stream().filter(item -> wentWith(shownBy, item, missingItems))
        .collect(Collectors.toUnmodifiableSet()));
  }

  /** The same, told. */
  Anomaly anomaly(Cart cart) {
    Operation login = Objects.requireNonNullElse(cart.login(), shownBy);
    Operation lastProof = items.stream().max(Comparator.comparingLong(Item::lastProved))
        .map(item -> item.lastShown() > item.acknowledged() || item.acknowledgement() == null
            ? item.lastShow()
            : item.acknowledgement())
        .orElse(null);
    String answer = shownBy.outcome() instanceof Outcome.Failed
        ? "was answered 401"
        : "shows a new cart in the place of the old one";
    return new Anomaly(AnomalyKind.LOST_SESSION, cart.session(), null, items.size(),
        "Session %s was opened by %s and neither logged out nor expired, but %s %s; %s went with it.".formatted(
            cart.session(), Explanations.of(login), Explanations.of(shownBy), answer,
            Explanations.count(items.size(), "item")),
        Explanations.proof(login, lastProof, shownBy));
  }

  private static boolean wentWith(Operation loss, Item item, MissingItemFinder missingItems) {
    Read miss = missingItems.firstReadAfterLastProof(item);
    boolean wasInTheCart = item.known() != Item.NEVER && !item.sends().isEmpty() && item.invoked() <= loss.completed();
    boolean goneBefore = miss != null && miss.invoked() < loss.invoked();
    boolean cameBack = item.lastAskedAndShown() > loss.completed();
    return wasInTheCart && !goneBefore && !cameBack;
  }

  private static @Nullable Operation unjustRefusal(Cart cart, @Nullable Long sessionTimeoutMillis) {
    Operation login = cart.login();
    if (login == null) {
      return null;
    }
    return cart.operations().stream()
        .filter(operation -> operation.invoked() > login.completed() && operation.completed() < cart.closed())
        .filter(operation -> isUnexplainedRefusal(cart, operation, sessionTimeoutMillis)).findFirst().orElse(null);
  }

  /** Whether this is a 401 that neither expiry nor a rotation explains. */
  public static boolean isUnexplainedRefusal(Cart cart, Operation operation, @Nullable Long sessionTimeoutMillis) {
    return isRefusal(operation) && !mayHaveExpired(cart, operation, sessionTimeoutMillis)
        && !mayCarryADeadId(cart, operation);
  }

  private static boolean mayHaveExpired(Cart cart, Operation refused, @Nullable Long sessionTimeoutMillis) {
    if (sessionTimeoutMillis == null) {
      return false;
    }
    long timeout = TimeUnit.MILLISECONDS.toNanos(sessionTimeoutMillis);
    long shortest = timeout - timeout / UNTOLD_PART;
    Operation last = null;
    boolean mayHaveExpired = false;
    for (Operation used : cart.operations()) {
      if (used.outcome() instanceof Outcome.Ok && used.invoked() <= refused.invoked()) {
        // A call that finds its session may be the last one that does: it can expire before the call is noted.
        mayHaveExpired = last != null && used.completed() - last.invoked() >= shortest;
        last = used;
      }
    }
    return mayHaveExpired || last == null || refused.completed() - last.invoked() >= shortest;
  }

  private static boolean isRefusal(Operation operation) {
    return operation.call() != Operation.Call.LOGIN && operation.outcome() instanceof Outcome.Failed failed
        && failed.status() == UNAUTHORIZED;
  }

  private static boolean mayCarryADeadId(Cart cart, Operation refused) {
    return cart.operations().stream()
        .anyMatch(rotate -> rotate.call() == Operation.Call.ROTATE && mayKillTheIdOf(rotate, refused));
  }

  private static boolean mayKillTheIdOf(Operation rotate, Operation refused) {
    if (rotate.outcome() instanceof Outcome.Failed || rotate.invoked() > refused.completed()) {
      return false;
    }
    if (rotate.generation() != null && refused.generation() != null) {
      return rotate.generation() >= refused.generation();
    }
    return rotate.outcome() instanceof Outcome.Unknown || rotate.completed() >= refused.invoked()
        || rotate.client() != refused.client();
  }
}
