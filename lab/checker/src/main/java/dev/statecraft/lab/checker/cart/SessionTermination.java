package dev.statecraft.lab.checker.cart;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds sessions and ids that are accepted after their end. */
final class SessionTermination {
  private SessionTermination() {}

  static List<Anomaly> find(Cart cart, @Nullable Long sessionTimeoutMillis) {
    List<Anomaly> found = new ArrayList<>();
    resurrection(cart).ifPresent(found::add);
    twoLiveIds(cart).ifPresent(found::add);
    if (sessionTimeoutMillis != null) {
      aliveAfterExpiry(cart, TimeUnit.MILLISECONDS.toNanos(sessionTimeoutMillis)).ifPresent(found::add);
    }
    return found;
  }

  private static Optional<Anomaly> resurrection(Cart cart) {
    return cart.operations().stream()
        .filter(operation -> operation.call() == Call.LOGOUT && operation.outcome() instanceof Outcome.Ok)
        .min(Comparator.comparingLong(Operation::completed))
        .flatMap(logout -> answered(cart, operation -> operation.invoked() > logout.completed())
            .map(alive -> anomaly(AnomalyKind.RESURRECTION, cart, logout, alive,
                "Session %s was logged out by %s, but %s was answered %s.")));
  }

  private static Optional<Anomaly> twoLiveIds(Cart cart) {
    return cart.rotations().stream()
        .flatMap(rotate -> answered(cart, operation -> Cart.carriesIdReplacedBy(rotate, operation))
            .map(alive -> anomaly(AnomalyKind.TWO_LIVE_IDS, cart, rotate, alive,
                "Session %s got a new id by %s, but %s, which carried the old one, was answered %s."))
            .stream())
        .findFirst();
  }

  private static Optional<Anomaly> aliveAfterExpiry(Cart cart, long timeout) {
    Operation last = null;
    for (Operation operation : cart.operations()) {
      if (last != null && isAnswered(operation) && operation.invoked() - last.completed() > timeout) {
        return Optional.of(anomaly(AnomalyKind.ALIVE_AFTER_EXPIRY, cart, last, operation,
            "Session %s was last used by %s and should have expired, but %s was answered %s."));
      }
      if (operation.outcome() instanceof Outcome.Unknown) {
        // A call of unknown outcome may use the session at any later time.
        return Optional.empty();
      }
      if (last == null || operation.completed() > last.completed()) {
        last = operation;
      }
    }
    return Optional.empty();
  }

  private static Optional<Operation> answered(Cart cart, Predicate<Operation> which) {
    return cart.operations().stream().filter(SessionTermination::isAnswered).filter(which).findFirst();
  }

  /** A second logout may be answered 204, and a login needs no session. */
  private static boolean isAnswered(Operation operation) {
    return operation.outcome() instanceof Outcome.Ok && operation.call() != Call.LOGOUT
        && operation.call() != Call.LOGIN;
  }

  private static Anomaly anomaly(AnomalyKind kind, Cart cart, Operation end, Operation alive, String explanation) {
    int status = alive.outcome() instanceof Outcome.Ok ok ? ok.status() : 0;
    return new Anomaly(kind, cart.session(), null, 0,
        explanation.formatted(cart.session(), Explanations.of(end), Explanations.of(alive), status),
        Explanations.proof(end, alive));
  }
}
