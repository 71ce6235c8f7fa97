package dev.statecraft.session.replicated.raft.membership;

import dev.statecraft.session.replicated.wire.MalformedException;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a member's disk stores about itself and its group.
 *
 * @param incarnation random id of the disk, drawn when the disk was first used
 * @param roster the incarnation of each founding member; empty until the member has accepted one. It identifies the
 * group, also on the disk of a member that joined later and is not in it
 * @param founded whether every member of the roster is known to have accepted it
 */
public record Identity(String name, UUID incarnation, Map<String, UUID> roster, boolean founded) {
  private static final int VERSION = 1;

  public Identity {
    roster = Collections.unmodifiableMap(new TreeMap<>(roster));
  }

  public static Identity fresh(String name) {
    return new Identity(name, UUID.randomUUID(), Map.of(), false);
  }

  public boolean hasAccepted() {
    return !roster.isEmpty();
  }

  public Identity accepting(Map<String, UUID> accepted) {
    return new Identity(name, incarnation, accepted, false);
  }

  public Identity foundedWith(Map<String, UUID> accepted) {
    return new Identity(name, incarnation, accepted, true);
  }

  /** The id under which this disk's votes and acknowledgements count. */
  public MemberId id() {
    return MemberId.of(name, incarnation);
  }

  public byte[] toBytes() {
    WireWriter out = new WireWriter().octet(VERSION).text(name);
    write(out, incarnation);
    out.octet(founded ? 1 : 0).number(roster.size());
    roster.forEach((member, disk) -> write(out.text(member), disk));
    return out.toCheckedArray();
  }

  public static Identity ofBytes(byte[] bytes) {
    WireReader in = WireReader.checked(bytes, 0, bytes.length);
    int version = in.octet();
    if (version != VERSION) {
      throw new MalformedException("Unknown identity version " + version);
    }
    String name = in.text();
    UUID incarnation = readIncarnation(in);
    boolean founded = in.octet() == 1;
    Map<String, UUID> roster = new TreeMap<>();
    for (int left = in.count(); left > 0; left--) {
      roster.put(in.text(), readIncarnation(in));
    }
    in.expectEnd();
    return new Identity(name, incarnation, roster, founded);
  }

  private static void write(WireWriter out, UUID incarnation) {
    out.fixed(incarnation.getMostSignificantBits()).fixed(incarnation.getLeastSignificantBits());
  }

  private static UUID readIncarnation(WireReader in) {
    return new UUID(in.fixed(), in.fixed());
  }
}
