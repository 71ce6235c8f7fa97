package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a session.
 *
 * @param shownBy the answer that reveals the loss: a 401, or a cart that replaced the old one
 * @param items the items that were in the cart and never appeared again
 */
public record SessionLoss(Operation shownBy, Set<Item> items) {
  private static final int UNAUTHORIZED = 401;
  /** A session may end earlier by this fraction of its time-out, because not every read is recorded. */
  private static final int UNRECORDED_DIVISOR = 20;

  /** Returns the first loss of a session, or null. */
  static @Nullable SessionLoss find(Cart cart, MissingItemFinder missingItems, @Nullable Long sessionTimeoutMillis) {
    Operation refusal = unexplainedRejection(cart, sessionTimeoutMillis);
    Operation replaced = missingItems.firstReadOfReplacedCart();
    Operation shownBy = refusal == null || (replaced != null && replaced.invoked() < refusal.invoked())
        ? replaced
        : refusal;
    if (shownBy == null) {
      return null;
    }
    return new SessionLoss(shownBy, cart.items().stream().filter(item -> wasLostWith(shownBy, item, missingItems))
        .collect(Collectors.toUnmodifiableSet()));
  }

  /** Returns the loss as an anomaly. */
  Anomaly anomaly(Cart cart) {
    Operation login = Objects.requireNonNullElse(cart.login(), shownBy);
    Operation lastProof = items.stream().max(Comparator.comparingLong(Item::lastProved))
        .map(item -> item.lastShown() > item.acknowledged() || item.acknowledgement() == null
            ? item.lastShow()
            : item.acknowledgement())
        .orElse(null);
    String answer = shownBy.outcome() instanceof Outcome.Failed
        ? "was answered 401"
        : "shows a new cart in place of the old one";
    return new Anomaly(AnomalyKind.LOST_SESSION, cart.session(), null, items.size(),
        "Session %s was opened by %s and neither logged out nor expired, but %s %s; it held %s.".formatted(
            cart.session(), Explanations.of(login), Explanations.of(shownBy), answer,
            Explanations.count(items.size(), "item")),
        Explanations.proof(login, lastProof, shownBy));
  }

  private static boolean wasLostWith(Operation loss, Item item, MissingItemFinder missingItems) {
    Read miss = missingItems.firstReadAfterLastProof(item);
    boolean wasInTheCart = item.known() != Item.NEVER && !item.sends().isEmpty() && item.invoked() <= loss.completed();
    boolean goneBefore = miss != null && miss.invoked() < loss.invoked();
    boolean cameBack = item.lastAskedAndShown() > loss.completed();
    return wasInTheCart && !goneBefore && !cameBack;
  }

  private static @Nullable Operation unexplainedRejection(Cart cart, @Nullable Long sessionTimeoutMillis) {
    Operation login = cart.login();
    if (login == null) {
      return null;
    }
    return cart.operations().stream()
        .filter(operation -> operation.invoked() > login.completed() && operation.completed() < cart.closed())
        .filter(operation -> isUnexplainedRejection(cart, operation, sessionTimeoutMillis)).findFirst().orElse(null);
  }

  /** Tells whether the operation is a 401 that neither expiry nor a rotation explains. */
  public static boolean isUnexplainedRejection(Cart cart, Operation operation, @Nullable Long sessionTimeoutMillis) {
    return operation.call() != Call.LOGIN && operation.outcome() instanceof Outcome.Failed failed
        && failed.status() == UNAUTHORIZED && !mayHaveExpired(cart, operation, sessionTimeoutMillis)
        && cart.operations().stream().noneMatch(rotate -> mayReplaceIdOf(rotate, operation));
  }

  private static boolean mayHaveExpired(Cart cart, Operation refused, @Nullable Long sessionTimeoutMillis) {
    if (sessionTimeoutMillis == null) {
      return false;
    }
    long timeout = TimeUnit.MILLISECONDS.toNanos(sessionTimeoutMillis);
    long shortest = timeout - timeout / UNRECORDED_DIVISOR;
    Operation last = null;
    boolean mayHaveExpired = false;
    for (Operation used : cart.operations()) {
      if (used.outcome() instanceof Outcome.Ok && used.invoked() <= refused.invoked()) {
        // The session can expire between this call's look-up and the update of its last access.
        mayHaveExpired = last != null && used.completed() - last.invoked() >= shortest;
        last = used;
      }
    }
    return mayHaveExpired || last == null || refused.completed() - last.invoked() >= shortest;
  }

  private static boolean mayReplaceIdOf(Operation rotate, Operation refused) {
    if (rotate.call() != Call.ROTATE || rotate.outcome() instanceof Outcome.Failed
        || rotate.invoked() > refused.completed()) {
      return false;
    }
    if (rotate.generation() != null && refused.generation() != null) {
      return rotate.generation() >= refused.generation();
    }
    return rotate.outcome() instanceof Outcome.Unknown || rotate.completed() >= refused.invoked()
        || rotate.client() != refused.client();
  }
}
