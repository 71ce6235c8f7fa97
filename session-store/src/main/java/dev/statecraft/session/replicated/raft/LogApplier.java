package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.StateMachine;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Applies the log to the state machine, each index once and in order. The library passes no index to a state machine;
 * {@link StrictRaft} sets it before each entry. Used by the Raft thread only.
 */
final class LogApplier implements org.jgroups.raft.StateMachine {
  private final StateMachine machine;
  private final AppliedIndex applied;
  private long index;
  private long restored;

  LogApplier(StateMachine machine, AppliedIndex applied) {
    this.machine = machine;
    this.applied = applied;
  }

  /** Index of the last applied entry. */
  long index() {
    return applied.value();
  }

  /** Sets the index of the next entry. */
  void at(long next) {
    index = next;
  }

  /** Skips an entry that is not for the state machine. */
  void passed(long passedIndex) {
    applied.advanceTo(passedIndex);
  }

  @Override
  public byte @Nullable [] apply(byte[] data, int offset, int length, boolean answer) {
    byte[] outcome = machine.apply(index, data, offset, length);
    applied.advanceTo(index);
    return answer ? outcome : null;
  }

  @Override
  public void writeContentTo(DataOutput out) throws IOException {
    WireWriter content = new WireWriter().number(applied.value());
    machine.writeTo(content);
    byte[] bytes = content.toCheckedArray();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Index of the last entry in the last snapshot that was read. */
  long restored() {
    return restored;
  }

  /** Loads the snapshot, unless an earlier attempt of this process to join has loaded a newer state. */
  @Override
  public void readContentFrom(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    WireReader content = WireReader.checked(bytes, 0, bytes.length);
    restored = content.number();
    if (restored > applied.value()) {
      machine.readFrom(content);
      applied.advanceTo(restored);
    }
  }
}
