package dev.statecraft.session.replicated;

import dev.statecraft.signing.Signer;
import java.util.Optional;

/**
 * What the client holds: the session's id, and the index of its newest change that the user wrote or was shown.
 *
 * @param index 0 for a session that was never saved
 */
record SessionToken(String id, long index) {
  private static final String PURPOSE = "session/replicated/";
  private static final int MAX_LENGTH = 300;

  /**
   * Signs the token. So a client can neither guess a session id nor send an index that nodes would wait for.
   *
   * @param group id of the group that the index belongs to; in another group the token is invalid
   */
  String sign(Signer signer, String group) {
    return signer.sign(PURPOSE + group, id + "." + index);
  }

  /** The token; empty if it is forged, damaged, or of another group. */
  static Optional<SessionToken> verify(Signer signer, String group, String signed) {
    if (signed.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return signer.verify(PURPOSE + group, signed).map(text -> {
      int dot = text.lastIndexOf('.');
      return new SessionToken(text.substring(0, dot), Long.parseLong(text.substring(dot + 1)));
    });
  }
}
