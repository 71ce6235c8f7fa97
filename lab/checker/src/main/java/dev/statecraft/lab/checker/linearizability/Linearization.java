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
import org.jspecify.annotations.Nullable;

/**
 * Searches for an order of operations that a {@link Model} would have answered alike, and in which each takes effect
 * between its invocation and its completion (unknown ones from their invocation on, or never).
 *
 * <p>J. Wing, C. Gong: <em>Testing and Verifying Concurrent Objects</em> (JPDC 1993), with the just-in-time
 * linearization and the memory of G. Lowe: <em>Testing for Linearizability</em> (CCPE 2017): events are taken in the
 * order of time, an operation is linearized only when one that is about to return needs it, and a configuration (event,
 * state, what is linearized and has not returned) is tried once. Exponential in the number of concurrent operations at
 * worst, so it is bounded, and "undecided" is a result.
 */
public final class Linearization {
  private Linearization() {}

  /** What the search came to. */
  public sealed interface Result {}

  /** There is such an order. */
  public record Linearizable(long steps) implements Result {}

  /**
   * There is none.
   *
   * @param blocked the operation before whose return every order fails
   */
  public record Impossible(long steps, Operation blocked) implements Result {}

  /** The bound was reached first. */
  public record Undecided(long steps) implements Result {}

  /**
   * When to give up.
   *
   * @param steps of the model
   * @param timeIsUp asked once in a while
   */
  public record Bound(long steps, BooleanSupplier timeIsUp) {
    /** What a user waits for without noticing, and far more than a session of some hundred operations takes. */
    public static final Bound USUAL = ofSteps(200_000);

    /** A bound on the steps alone, so that the result is the same wherever it is computed. */
    public static Bound ofSteps(long steps) {
      return new Bound(steps, () -> false);
    }
  }

  /** Searches; each operation but those of unknown outcome must be in the order. */
  public static <S> Result search(Model<S> model, List<Operation> operations, Bound bound) {
    return new Search<>(model, operations, bound).run();
  }

  /** The return of an operation, and the numbers of those that were invoked before it and had not returned yet. */
  private record Return(int operation, BitSet open) {}

  /** What is decided so far; {@code linearized} holds only what has not returned. */
  private record Configuration<S>(int next, S state, BitSet linearized) {}

  /** One use, one thread. */
  private static final class Search<S> {
    private static final int STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 1024;

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
        if (steps >= bound.steps()
            || (steps % STEPS_BETWEEN_LOOKS_AT_THE_CLOCK == 0 && bound.timeIsUp().getAsBoolean())) {
          return new Undecided(steps);
        }
        Configuration<S> reached = pastReturnsOfWhatIsLinearized(open.pop());
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

    private Configuration<S> pastReturnsOfWhatIsLinearized(Configuration<S> from) {
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
      pushFirst(direct);
    }

    /** The shortest way past the return is tried first: in most histories it is the right one. */
    private void pushFirst(@Nullable Configuration<S> direct) {
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
      // At one instant invocations come first: what touches is concurrent.
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
