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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state machine: all sessions, changed by the log alone. It reads no clock, draws no random number and
 * knows no node, so the same log gives the same state everywhere.
 *
 * <p>One thread applies and takes snapshots. Any number of threads read meanwhile, without a lock; each sees whole
 * records, one apply apart at most.
 */
final class Sessions {
  private static final int VERSION = 1;

  private final ConcurrentMap<String, SessionRecord> byId = new ConcurrentHashMap<>();
  private final RequestHistory history = new RequestHistory();

  /** Carries out the proposal at this place in the log, unless a copy of it already was. */
  Outcome apply(long index, Proposal proposal) {
    Outcome known = history.outcomeOf(proposal, index);
    Outcome outcome = known != null ? known : new Outcome(carryOut(index, proposal.command()), index);
    if (known == null && !proposal.command().repeatable()) {
      history.remember(proposal, outcome);
    }
    history.sweep(index);
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
    return history.size();
  }

  /** Up to {@code limit} of those that the caller picks; it sees each record once or not at all. */
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

  /** Writes all of the state, equal bytes for equal states. */
  void writeTo(WireWriter out) {
    out.octet(VERSION).number(byId.size());
    new TreeMap<>(byId).values().forEach(record -> record.writeTo(out));
    history.writeTo(out);
  }

  /** Replaces all of the state. */
  void readFrom(WireReader in) {
    int version = in.octet();
    if (version != VERSION) {
      throw new MalformedException("A snapshot of version " + version + " is not known here");
    }
    Map<String, SessionRecord> read = new TreeMap<>();
    for (int left = in.count(); left > 0; left--) {
      SessionRecord record = SessionRecord.readFrom(in);
      read.put(record.id(), record);
    }
    history.readFrom(in);
    in.expectEnd();
    // In this order no reader misses a session that is in both the old state and the new.
    byId.putAll(read);
    byId.keySet().retainAll(read.keySet());
  }

  private Verdict carryOut(long index, Command command) {
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
          // A use that came between the leader's look and this place in the log saves the session.
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
