package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.Command.Access;
import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.Command.Change;
import dev.statecraft.session.replicated.Command.Create;
import dev.statecraft.session.replicated.Command.Delete;
import dev.statecraft.session.replicated.Command.Expire;
import dev.statecraft.session.replicated.Command.Save;
import dev.statecraft.session.replicated.Command.Touch;
import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.SessionRecord.Attribute;
import dev.statecraft.session.replicated.consensus.StateMachine;
import dev.statecraft.session.replicated.wire.MalformedException;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state machine: all sessions. It reads no clock and no random number, so the same log gives the same
 * state on every node.
 *
 * <p>One thread applies commands and takes snapshots. Any number of threads read concurrently, without a lock; each
 * sees whole records.
 */
final class Sessions implements StateMachine {
  private static final int VERSION = 1;

  private final ConcurrentMap<String, SessionRecord> byId = new ConcurrentHashMap<>();
  private final DeduplicationTable outcomes = new DeduplicationTable();

  @Override
  public byte[] apply(long index, byte[] buffer, int offset, int length) {
    Proposal proposal = CommandCodec.decode(buffer, offset, length);
    return CommandCodec.encode(proposal.sequence(), apply(index, proposal));
  }

  /** Applies the proposal at this index, unless a copy of it was applied before. */
  Outcome apply(long index, Proposal proposal) {
    Outcome known = outcomes.outcomeOf(proposal, index);
    Outcome outcome = known != null ? known : new Outcome(execute(index, proposal.command()), index);
    if (known == null && !proposal.command().repeatable()) {
      outcomes.remember(proposal, outcome);
    }
    outcomes.sweep(index);
    return outcome;
  }

  @Nullable
  SessionRecord find(String id) {
    return byId.get(id);
  }

  int size() {
    return byId.size();
  }

  int remembered() {
    return outcomes.size();
  }

  /** Up to {@code limit} of the sessions that match. */
  List<Access> pick(Predicate<SessionRecord> wanted, int limit) {
    List<Access> picked = new ArrayList<>();
    for (SessionRecord record : byId.values()) {
      if (wanted.test(record)) {
        picked.add(new Access(record.id(), record.lastAccessed()));
        if (picked.size() == limit) {
          break;
        }
      }
    }
    return picked;
  }

  @Override
  public void writeTo(WireWriter out) {
    out.octet(VERSION).number(byId.size());
    new TreeMap<>(byId).values().forEach(record -> record.writeTo(out));
    outcomes.writeTo(out);
  }

  @Override
  public void readFrom(WireReader in) {
    int version = in.octet();
    if (version != VERSION) {
      throw new MalformedException("Unknown snapshot version " + version + "; upgrade this node");
    }
    Map<String, SessionRecord> read = new TreeMap<>();
    for (int left = in.count(); left > 0; left--) {
      SessionRecord record = SessionRecord.readFrom(in);
      read.put(record.id(), record);
    }
    outcomes.readFrom(in);
    in.expectEnd();
    // In this order, no reader misses a session that is in both the old and the new state.
    byId.putAll(read);
    byId.keySet().retainAll(read.keySet());
  }

  private Verdict execute(long index, Command command) {
    return switch (command) {
      case Create create ->
        byId.putIfAbsent(create.id(), SessionRecord.of(create, index)) == null ? Verdict.DONE : Verdict.CONFLICT;
      case Save save -> save(index, save);
      case Touch touch -> {
        for (Access access : touch.sessions()) {
          SessionRecord record = byId.get(access.id());
          if (record != null) {
            byId.put(access.id(), record.touchedAt(access.at()));
          }
        }
        yield Verdict.DONE;
      }
      case Delete delete -> byId.remove(delete.id()) == null ? Verdict.GONE : Verdict.DONE;
      case Expire expire -> {
        for (Access seen : expire.sessions()) {
          SessionRecord record = byId.get(seen.id());
          // An access that was logged after the leader read the record keeps the session.
          if (record != null && record.lastAccessed() == seen.at()) {
            byId.remove(seen.id());
          }
        }
        yield Verdict.DONE;
      }
      case Barrier() -> Verdict.DONE;
    };
  }

  private Verdict save(long index, Save save) {
    SessionRecord record = byId.get(save.id());
    if (record == null) {
      return Verdict.GONE;
    }
    for (Change change : save.changes()) {
      Attribute attribute = record.attributes().get(change.name());
      if ((attribute == null ? 0 : attribute.version()) != change.seen()) {
        return Verdict.CONFLICT;
      }
    }
    String newId = save.newId();
    if (newId != null && byId.containsKey(newId)) {
      return Verdict.CONFLICT;
    }
    byId.put(newId == null ? save.id() : newId, record.after(save, index));
    if (newId != null) {
      byId.remove(save.id());
    }
    return Verdict.DONE;
  }
}
