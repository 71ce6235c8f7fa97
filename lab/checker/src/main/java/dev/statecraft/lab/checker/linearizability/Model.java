package dev.statecraft.lab.checker.linearizability;

import dev.statecraft.lab.history.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A sequential object: what it would answer if it were asked one thing at a time. Its state is immutable and has value
 * equality, for states are remembered and compared.
 *
 * @param <S> the state
 */
public interface Model<S> {
  /** The state before any operation. */
  S initial();

  /**
   * The state after an operation, or null where the object in this state would not have answered as it did. An
   * operation of unknown outcome has no answer to contradict.
   */
  @Nullable
  S step(S state, Operation operation);
}
