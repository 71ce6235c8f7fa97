package dev.statecraft.session.replicated;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a member's disk knows about itself and its group. The incarnation is drawn when the disk is first used, so it
 * names the disk: a member whose disk is gone comes back under another one.
 *
 * @param roster the incarnation of each member with which the group is, or is to be, founded; empty before. It names
 * the group for good, also on a disk that came to it later and is not of the roster
 * @param founded whether every member of the roster is known to have accepted it
 */
record Identity(String name, UUID incarnation, Map<String, UUID> roster, boolean founded) {
  private static final int VERSION = 1;

  Identity {
    roster = Collections.unmodifiableMap(new TreeMap<>(roster));
  }

  static Identity fresh(String name) {
    return new Identity(name, UUID.randomUUID(), Map.of(), false);
  }

  boolean hasAccepted() {
    return !roster.isEmpty();
  }

  Identity accepting(Map<String, UUID> accepted) {
    return new Identity(name, incarnation, accepted, false);
  }

  Identity foundedWith(Map<String, UUID> accepted) {
    return new Identity(name, incarnation, accepted, true);
  }

  /** What this disk's votes and acknowledgements are counted under. */
  MemberId id() {
    return MemberId.of(name, incarnation);
  }

  byte[] toBytes() {
    WireWriter out = new WireWriter().octet(VERSION).text(name);
    write(out, incarnation);
    out.octet(founded ? 1 : 0).number(roster.size());
    roster.forEach((member, disk) -> write(out.text(member), disk));
    return out.toCheckedArray();
  }

  static Identity ofBytes(byte[] bytes) {
    WireReader in = WireReader.checked(bytes, 0, bytes.length);
    int version = in.octet();
    if (version != VERSION) {
      throw new MalformedException("An identity of version " + version + " is not known here");
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
