package dev.statecraft.lab.checker.linearizability;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Searches for an order of operations that a {@link Model} answers as the history did and in which each operation takes
 * effect between its invocation and its completion (an operation of unknown outcome at any time after its invocation,
 * or never).
 *
 * <p>J. Wing, C. Gong: <em>Testing and Verifying Concurrent Objects</em> (JPDC 1993), with the just-in-time
 * linearization and the memory of G. Lowe: <em>Testing for Linearizability</em> (CCPE 2017). It processes events in the
 * order of time, linearizes an operation only when a returning operation needs it, and tries each configuration (event,
 * state, operations that are linearized and have not returned) once. Exponential in the number of concurrent operations
 * in the worst case, so it is bounded, and "undecided" is a result.
 */
public final class Linearization {
  private Linearization() {}

  /** The result of a search. */
  public sealed interface Result {}

  /** An order exists. */
  public record Linearizable(long steps) implements Result {}

  /**
   * No order exists.
   *
   * @param blocked the operation before whose return every order fails
   */
  public record Impossible(long steps, Operation blocked) implements Result {}

  /** The bound was reached first. */
  public record Undecided(long steps) implements Result {}

  /**
   * When to stop the search.
   *
   * @param steps of the model
   * @param isTimeUp checked regularly
   */
  public record Bound(long steps, BooleanSupplier isTimeUp) {
    /** The default: short for a user, and far more than a session of some hundred operations needs. */
    public static final Bound DEFAULT = ofSteps(200_000);

    /** Limits the steps only, so that the result is the same on every machine. */
    public static Bound ofSteps(long steps) {
      return new Bound(steps, () -> false);
    }
  }

  /** Runs the search; the order must contain each operation except those of unknown outcome. */
  public static <S> Result search(Model<S> model, List<Operation> operations, Bound bound) {
    return new Search<>(model, operations, bound).run();
  }

  /** The return of an operation, and the indexes of the operations in flight at that time. */
  private record Return(int operation, BitSet open) {}

  /** A partial order; {@code linearized} holds only operations that have not returned. */
  private record Configuration<S>(int next, S state, BitSet linearized) {}

  /** For one use by one thread. */
  private static final class Search<S> {
    private static final int STEPS_PER_TIME_CHECK = 1024;

    private final Model<S> model;
    private final List<Operation> operations;
    private final Bound bound;
    private final List<Return> returns;
    private final Deque<Configuration<S>> open = new ArrayDeque<>();
    private final Set<Configuration<S>> tried = new HashSet<>();
    private int furthest;
    private long steps;

    Search(Model<S> model, List<Operation> operations, Bound bound) {
      this.model = model;
      this.operations = operations;
      this.bound = bound;
      this.returns = returns(operations);
    }

    Result run() {
      open.push(new Configuration<>(0, model.initial(), new BitSet()));
      while (!open.isEmpty()) {
        if (steps >= bound.steps() || (steps % STEPS_PER_TIME_CHECK == 0 && bound.isTimeUp().getAsBoolean())) {
          return new Undecided(steps);
        }
        Configuration<S> reached = skipLinearizedReturns(open.pop());
        if (reached.next() == returns.size()) {
          return new Linearizable(steps);
        }
        furthest = Math.max(furthest, reached.next());
        if (tried.add(reached)) {
          branch(reached);
        }
      }
      return new Impossible(steps, operations.get(returns.get(furthest).operation()));
    }

    private Configuration<S> skipLinearizedReturns(Configuration<S> from) {
      int next = from.next();
      BitSet linearized = from.linearized();
      while (next < returns.size() && linearized.get(returns.get(next).operation())) {
        linearized.clear(returns.get(next).operation());
        next++;
      }
      return new Configuration<>(next, from.state(), linearized);
    }

    private void branch(Configuration<S> from) {
      Return pending = returns.get(from.next());
      Configuration<S> direct = null;
      for (int candidate = pending.open().nextSetBit(0); candidate >= 0; candidate = pending.open()
          .nextSetBit(candidate + 1)) {
        if (from.linearized().get(candidate)) {
          continue;
        }
        steps++;
        S state = model.step(from.state(), operations.get(candidate));
        if (state == null) {
          continue;
        }
        BitSet linearized = (BitSet) from.linearized().clone();
        linearized.set(candidate);
        Configuration<S> after = new Configuration<>(from.next(), state, linearized);
        if (candidate == pending.operation()) {
          direct = after;
        } else {
          open.push(after);
        }
      }
      // The direct way past the return is tried first, because it is right in most histories.
      if (direct != null) {
        open.push(direct);
      }
    }

    private static List<Return> returns(List<Operation> operations) {
      record Event(long time, boolean returns, int operation) {}
      List<Event> events = new ArrayList<>();
      for (int number = 0; number < operations.size(); number++) {
        Operation operation = operations.get(number);
        events.add(new Event(operation.invoked(), false, number));
        if (!(operation.outcome() instanceof Outcome.Unknown)) {
          events.add(new Event(operation.completed(), true, number));
        }
      }
      // At equal times invocations come first: operations whose times touch are concurrent.
      events.sort(Comparator.comparingLong(Event::time).thenComparing(Event::returns));
      BitSet open = new BitSet();
      List<Return> returns = new ArrayList<>();
      for (Event event : events) {
        if (event.returns()) {
          returns.add(new Return(event.operation(), (BitSet) open.clone()));
        }
        open.set(event.operation(), !event.returns());
      }
      return returns;
    }
  }
}
