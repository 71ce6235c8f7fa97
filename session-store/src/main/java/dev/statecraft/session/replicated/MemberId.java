package dev.statecraft.session.replicated;

import java.util.UUID;

/**
 * A member as votes and acknowledgements count it: its name and the disk that it keeps them on. One that comes back
 * with another disk is another member, so nothing that the former one said can be counted for it.
 *
 * @param disk drawn when the disk was first used
 */
record MemberId(String name, String disk) {
  private static final char BETWEEN = '@';
  private static final int RADIX = 36;

  static MemberId of(String name, UUID incarnation) {
    long folded = incarnation.getMostSignificantBits() ^ incarnation.getLeastSignificantBits();
    return new MemberId(name, Long.toUnsignedString(folded, RADIX));
  }

  /** Reads what {@link #toString} wrote. */
  static MemberId parse(String text) {
    int at = text.lastIndexOf(BETWEEN);
    if (at < 1) {
      throw new MalformedException("'" + text + "' names no member");
    }
    return new MemberId(text.substring(0, at), text.substring(at + 1));
  }

  /** The form in which the library knows it (its raft-id). */
  @Override
  public String toString() {
    return name + BETWEEN + disk;
  }
}
