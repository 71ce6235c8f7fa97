package dev.statecraft.session.replicated.consensus;

import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;

/**
 * What the log is applied to. It depends on nothing but the log, so the same log gives the same state on every node.
 * The engine calls it from one thread at a time.
 */
public interface StateMachine {
  /**
   * Applies one command. The engine calls this once for each index, in order.
   *
   * @return the answer to the node that proposed the command
   */
  byte[] apply(long index, byte[] buffer, int offset, int length);

  /** Writes the whole state; equal states give equal bytes. */
  void writeTo(WireWriter out);

  /** Replaces the whole state by one that {@link #writeTo} wrote. */
  void readFrom(WireReader in);
}
