package dev.statecraft.lab.checker.linearizability;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Explanations;
import dev.statecraft.lab.checker.cart.Cart;
import dev.statecraft.lab.checker.cart.CartChecker;
import dev.statecraft.lab.checker.cart.SessionLoss;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.checker.linearizability.Linearization.Impossible;
import dev.statecraft.lab.checker.linearizability.Linearization.Undecided;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks whether each session of a history is linearizable as one object: a login opens it, a logout closes it, it is
 * an append-only list while it is open, and it answers 401 while it is not. Sessions are checked separately, because
 * linearizability is local (Herlihy and Wing 1990, theorem 1). A pure function if the bound limits steps only.
 *
 * <p>The search ignores a 401 that expiry or a rotation may explain, because the model has neither, and an {@code ADD}
 * of unknown outcome that no read shows, because it may take effect after all reads.
 */
public final class Linearizability {
  private Linearizability() {}

  /**
   * The findings.
   *
   * @param sessions the number of sessions checked
   * @param anomalies one for each session that is not linearizable
   * @param undecided the sessions whose search reached the bound
   */
  public record Findings(long sessions, List<Anomaly> anomalies, List<String> undecided) {
    public Findings {
      anomalies = List.copyOf(anomalies);
      undecided = List.copyOf(undecided);
    }
  }

  /** Checks every session; the bound applies to each. */
  public static Findings check(History history, Bound bound) {
    List<Anomaly> anomalies = new ArrayList<>();
    List<String> undecided = new ArrayList<>();
    List<Cart> carts = CartChecker.carts(history);
    for (Cart cart : carts) {
      CartModel model = new CartModel(cart.login() != null);
      List<Operation> operations = observable(cart, history);
      switch (Linearization.search(model, operations, bound)) {
        case Linearization.Linearizable _ -> {
        }
        case Undecided _ -> undecided.add(cart.session());
        case Impossible impossible -> anomalies.add(anomaly(cart, model, operations, impossible, bound));
      }
    }
    return new Findings(carts.size(), anomalies, undecided);
  }

  private static Anomaly anomaly(Cart cart, CartModel model, List<Operation> operations, Impossible impossible,
      Bound bound) {
    List<Operation> proof = CounterexampleShrinker.smallest(operations, impossible.blocked(),
        candidate -> Linearization.search(model, candidate, bound) instanceof Impossible);
    return new Anomaly(AnomalyKind.NOT_LINEARIZABLE, cart.session(), null, 0,
        "No order of these %s of session %s explains their answers; every order fails at %s.".formatted(
            Explanations.count(proof.size(), "operation"), cart.session(), Explanations.of(impossible.blocked())),
        proof);
  }

  /** Returns the operations that constrain the session and its list. */
  private static List<Operation> observable(Cart cart, History history) {
    Set<String> shown = new HashSet<>();
    cart.reads().forEach(read -> read.items().forEach(item -> shown.add(item.name())));
    return cart.operations().stream().filter(operation -> switch (operation.outcome()) {
      case Outcome.Ok ok -> operation.call() != Call.READ || (ok.items() != null && !cart.carriesReplacedId(operation));
      case Outcome.Failed _ ->
        cart.login() != null && SessionLoss.isUnexplainedRejection(cart, operation, history.sessionTimeoutMillis());
      case Outcome.Unknown _ ->
        operation.call() == Call.LOGOUT || (operation.call() == Call.ADD && shown.contains(operation.item()));
    }).collect(Collectors.toUnmodifiableList());
  }
}
