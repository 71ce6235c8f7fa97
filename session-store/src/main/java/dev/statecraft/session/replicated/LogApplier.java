package dev.statecraft.session.replicated;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jgroups.raft.StateMachine;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the log to the sessions, each index once and in order. The library tells a state machine no index;
 * {@link StrictRaft} does so before each entry. Used by the Raft thread only, but for {@link #applied}.
 */
final class LogApplier implements StateMachine {
  private final Sessions sessions;
  private final AppliedIndex applied;
  private long index;
  private long restored;

  LogApplier(Sessions sessions, AppliedIndex applied) {
    this.sessions = sessions;
    this.applied = applied;
  }

  /** Index of the last entry that is in the state. */
  long index() {
    return applied.value();
  }

  /** Says where the next entry stands. */
  void at(long next) {
    index = next;
  }

  /** Takes note of an entry that is the library's own. */
  void passed(long passedIndex) {
    applied.advanceTo(passedIndex);
  }

  @Override
  public byte @Nullable [] apply(byte[] data, int offset, int length, boolean answer) {
    Proposal proposal = CommandCodec.decode(data, offset, length);
    Outcome outcome = sessions.apply(index, proposal);
    applied.advanceTo(index);
    return answer ? CommandCodec.encode(proposal.sequence(), outcome) : null;
  }

  @Override
  public void writeContentTo(DataOutput out) throws IOException {
    WireWriter content = new WireWriter().number(applied.value());
    sessions.writeTo(content);
    byte[] bytes = content.toCheckedArray();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Index of the last entry in the snapshot that was read last. */
  long restored() {
    return restored;
  }

  /**
   * Takes the snapshot over unless the state is newer already: an earlier attempt of this process to join loaded it.
   */
  @Override
  public void readContentFrom(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    WireReader content = WireReader.checked(bytes, 0, bytes.length);
    restored = content.number();
    if (restored > applied.value()) {
      sessions.readFrom(content);
      applied.advanceTo(restored);
    }
  }
}
