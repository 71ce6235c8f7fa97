package dev.statecraft.lab.checker.linearizability;

import dev.statecraft.lab.history.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A sequential specification of an object. Its state is immutable and has value equality, because the search remembers
 * and compares states.
 *
 * @param <S> the state
 */
public interface Model<S> {
  /** Returns the state before any operation. */
  S initial();

  /**
   * Returns the state after an operation, or null if the object in this state would have answered differently. An
   * operation of unknown outcome contradicts no state.
   */
  @Nullable
  S step(S state, Operation operation);
}
