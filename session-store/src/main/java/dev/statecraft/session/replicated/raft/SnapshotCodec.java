package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.raft.membership.Configuration;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jgroups.protocols.raft.PersistentState;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;

/** The binary form of a snapshot: the committed members, the term of the last entry, and the state machine's state. */
final class SnapshotCodec {
  private SnapshotCodec() {}

  /** What a snapshot holds besides the state of the state machine. */
  record Header(Configuration members, long term) {}

  static ByteBuffer write(Header header, LogApplier state) throws IOException {
    ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(1024, true);
    PersistentState members = new PersistentState();
    members.setMembers(header.members().ids());
    members.writeTo(out);
    out.writeLong(header.term());
    state.writeContentTo(out);
    return ByteBuffer.wrap(out.buffer(), 0, out.position());
  }

  /** Reads a snapshot into the state machine. */
  static Header read(ByteBuffer snapshot, LogApplier state) throws IOException {
    ByteArrayDataInputStream in = new ByteArrayDataInputStream(snapshot);
    PersistentState members = new PersistentState();
    members.readFrom(in);
    long term = in.readLong();
    state.readContentFrom(in);
    return new Header(Configuration.of(members.getMembers()), term);
  }
}
