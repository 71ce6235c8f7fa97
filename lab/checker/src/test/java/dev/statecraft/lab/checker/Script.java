package dev.statecraft.lab.checker;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Verdict;
import dev.statecraft.lab.checker.cart.CartChecker;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A hand-written history. Times are in milliseconds; each call returns the operation that it recorded. */
public final class Script {
  private final List<Operation> operations = new ArrayList<>();
  private final List<FaultEvent> faults = new ArrayList<>();
  private final String strategy;
  private final @Nullable String reads;
  private String session = "s1";
  private int client = 1;
  private @Nullable String node = "node-1";
  private @Nullable Integer generation;
  private @Nullable Long timeoutMillis;
  private @Nullable String writes;

  public Script() {
    this("redis", null);
  }

  public Script(String strategy, @Nullable String reads) {
    this.strategy = strategy;
    this.reads = reads;
  }

  public Script in(String name) {
    session = name;
    return this;
  }

  public Script by(int number) {
    client = number;
    return this;
  }

  public Script at(@Nullable String name) {
    node = name;
    return this;
  }

  public Script carrying(@Nullable Integer rotations) {
    generation = rotations;
    return this;
  }

  public Script writes(@Nullable String way) {
    writes = way;
    return this;
  }

  public Script timeout(long millis) {
    timeoutMillis = millis;
    return this;
  }

  public Operation login(long from, long to) {
    return operation(Call.LOGIN, null, from, to, new Outcome.Ok(201, null));
  }

  public Operation add(String item, long from, long to) {
    return operation(Call.ADD, item, from, to, new Outcome.Ok(201, null));
  }

  public Operation addUnknown(String item, long from, long to) {
    return operation(Call.ADD, item, from, to, new Outcome.Unknown(0, "timed out"));
  }

  public Operation addFailed(String item, int status, long from, long to) {
    return operation(Call.ADD, item, from, to, new Outcome.Failed(status, "refused"));
  }

  public Operation read(long from, long to, String... items) {
    return operation(Call.READ, null, from, to, new Outcome.Ok(200, List.of(items)));
  }

  public Operation ok(Call call, long from, long to) {
    return operation(call, null, from, to, new Outcome.Ok(200, null));
  }

  public Operation unknown(Call call, long from, long to) {
    return operation(call, null, from, to, new Outcome.Unknown(503, "unavailable"));
  }

  public Operation unauthorized(Call call, long from, long to) {
    return operation(call, call == Call.ADD ? "refused" : null, from, to, new Outcome.Failed(401, "no session"));
  }

  public Operation operation(Call call, @Nullable String item, long from, long to, Outcome outcome) {
    Operation operation = new Operation(
        operations.size(),
        client,
        session,
        call,
        item,
        nanos(from),
        nanos(from),
        nanos(to),
        outcome,
        outcome instanceof Outcome.Unknown ? null : node,
        generation);
    operations.add(operation);
    return operation;
  }

  public void fault(String kind, String target, long began, long ended) {
    faults.add(new FaultEvent(kind, target, nanos(began), ended < 0 ? -1 : nanos(ended)));
  }

  public History history() {
    return new History(
        strategy,
        reads,
        writes,
        null,
        1,
        List.of("node-1", "node-2", "node-3"),
        timeoutMillis,
        operations,
        faults);
  }

  /** What all checkers find. */
  public CheckResult check() {
    return new Checker(TestFaults::effects, Bound.ofSteps(100_000)).check(history());
  }

  /** The same, with the anomalies of carts alone. */
  CheckResult checkCarts() {
    CheckResult all = check();
    return new CheckResult(
        new Verdict(all.verdict().operations(), ofCarts(all.verdict().anomalies())),
        all.mayShow().stream().filter(Script::isOfCart).collect(Collectors.toSet()), ofCarts(all.documented()),
        ofCarts(all.broken()), all.sessions(), all.undecided());
  }

  private static List<Anomaly> ofCarts(List<Anomaly> anomalies) {
    return anomalies.stream().filter(anomaly -> isOfCart(anomaly.kind())).toList();
  }

  private static boolean isOfCart(AnomalyKind kind) {
    return kind.compareTo(AnomalyKind.ORDER_DISAGREEMENT) <= 0;
  }

  public Verdict verdict() {
    return CartChecker.check(history());
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
