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
import dev.statecraft.session.replicated.wire.MalformedException;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of proposals and their outcomes, on the wire and in the log: a version, the fields, a CRC-32C. An
 * unknown version is an error: a node that skipped a command would differ from the others.
 */
final class CommandCodec {
  private static final int VERSION = 1;
  private static final int CREATE = 1;
  private static final int SAVE = 2;
  private static final int TOUCH = 3;
  private static final int DELETE = 4;
  private static final int EXPIRE = 5;
  private static final int BARRIER = 6;

  private CommandCodec() {}

  static byte[] encode(Proposal proposal) {
    WireWriter out = new WireWriter()
        .octet(VERSION)
        .fixed(proposal.origin())
        .number(proposal.sequence())
        .number(proposal.oldestOpen())
        .number(proposal.basis());
    switch (proposal.command()) {
      case Create create -> {
        out.octet(CREATE).text(create.id()).signed(create.at()).signed(create.idle());
        // Sorted, so that one command has one form.
        Map<String, Value> attributes = new TreeMap<>(create.attributes());
        out.number(attributes.size());
        attributes.forEach((name, value) -> value.writeTo(out.text(name)));
      }
      case Save save -> {
        out.octet(SAVE).text(save.id());
        optional(out, save.newId());
        out.signed(save.at());
        Long idle = save.idle();
        if (idle == null) {
          out.octet(0);
        } else {
          out.octet(1).signed(idle);
        }
        out.number(save.changes().size());
        for (Change change : save.changes()) {
          out.text(change.name()).number(change.seen());
          Value value = change.value();
          if (value == null) {
            out.octet(0);
          } else {
            value.writeTo(out.octet(1));
          }
        }
      }
      case Touch touch -> accesses(out.octet(TOUCH), touch.sessions());
      case Delete delete -> out.octet(DELETE).text(delete.id());
      case Expire expire -> accesses(out.octet(EXPIRE), expire.sessions());
      case Barrier() -> out.octet(BARRIER);
    }
    return out.toCheckedArray();
  }

  /**
   * Reads a proposal.
   *
   * @throws MalformedException if the bytes are damaged or of an unknown version
   */
  static Proposal decode(byte[] bytes, int offset, int length) {
    WireReader in = WireReader.checked(bytes, offset, length);
    expectVersion(in);
    Proposal proposal = new Proposal(in.fixed(), in.number(), in.number(), in.number(), command(in));
    in.expectEnd();
    return proposal;
  }

  static byte[] encode(long sequence, Outcome outcome) {
    return new WireWriter()
        .octet(VERSION)
        .number(sequence)
        .octet(outcome.verdict().code())
        .number(outcome.index())
        .toArray();
  }

  /** The outcome; null if it answers another request, so that the caller must retry. */
  static @Nullable Outcome decodeOutcome(long sequence, byte[] bytes) {
    WireReader in = new WireReader(bytes, 0, bytes.length);
    expectVersion(in);
    if (in.number() != sequence) {
      return null;
    }
    return new Outcome(Verdict.ofCode(in.octet()), in.number());
  }

  private static Command command(WireReader in) {
    int type = in.octet();
    return switch (type) {
      case CREATE -> new Create(in.text(), in.signed(), in.signed(), attributes(in));
      case SAVE -> new Save(
          in.text(),
          in.octet() == 0 ? null : in.text(),
          in.signed(),
          in.octet() == 0 ? null : (Long) in.signed(),
          changes(in));
      case TOUCH -> new Touch(accesses(in));
      case DELETE -> new Delete(in.text());
      case EXPIRE -> new Expire(accesses(in));
      case BARRIER -> new Barrier();
      default -> throw new MalformedException("Unknown command type " + type);
    };
  }

  private static Map<String, Value> attributes(WireReader in) {
    int count = in.count();
    Map<String, Value> attributes = HashMap.newHashMap(count);
    for (int i = 0; i < count; i++) {
      attributes.put(in.text(), Value.wrapping(in.bytes()));
    }
    return attributes;
  }

  private static List<Change> changes(WireReader in) {
    int count = in.count();
    List<Change> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      changes.add(new Change(in.text(), in.number(), in.octet() == 0 ? null : Value.wrapping(in.bytes())));
    }
    return changes;
  }

  private static void accesses(WireWriter out, List<Access> sessions) {
    out.number(sessions.size());
    sessions.forEach(access -> out.text(access.id()).signed(access.at()));
  }

  private static List<Access> accesses(WireReader in) {
    int count = in.count();
    List<Access> sessions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      sessions.add(new Access(in.text(), in.signed()));
    }
    return sessions;
  }

  private static void optional(WireWriter out, @Nullable String text) {
    if (text == null) {
      out.octet(0);
    } else {
      out.octet(1).text(text);
    }
  }

  private static void expectVersion(WireReader in) {
    int version = in.octet();
    if (version != VERSION) {
      throw new MalformedException("Unknown version " + version + "; upgrade this node");
    }
  }
}
