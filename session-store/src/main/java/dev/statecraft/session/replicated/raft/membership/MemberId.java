package dev.statecraft.session.replicated.raft.membership;

import dev.statecraft.session.replicated.wire.MalformedException;
import java.util.UUID;

/**
 * Id of a member for votes and acknowledgements: its name and its disk. A node that restarts with another disk is
 * another member, so no vote or acknowledgement of the previous disk counts for it.
 *
 * @param disk random id, drawn when the disk was first used
 */
public record MemberId(String name, String disk) {
  private static final char BETWEEN = '@';
  private static final int RADIX = 36;

  public static MemberId of(String name, UUID incarnation) {
    long folded = incarnation.getMostSignificantBits() ^ incarnation.getLeastSignificantBits();
    return new MemberId(name, Long.toUnsignedString(folded, RADIX));
  }

  /** Parses the form of {@link #toString}. */
  public static MemberId parse(String text) {
    int at = text.lastIndexOf(BETWEEN);
    if (at < 1) {
      throw new MalformedException("'" + text + "' is no member id");
    }
    return new MemberId(text.substring(0, at), text.substring(at + 1));
  }

  /** The raft-id that jgroups-raft uses. */
  @Override
  public String toString() {
    return name + BETWEEN + disk;
  }
}
