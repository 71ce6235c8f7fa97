package dev.statecraft.session.replicated;

import dev.statecraft.signing.Signer;
import java.util.Optional;

/**
 * What the client holds: the session's id, and the index of the newest state of it that its user wrote or was shown.
 *
 * @param index 0 for a session that was never saved
 */
record SessionToken(String id, long index) {
  private static final String PURPOSE = "session/replicated/";
  private static final int LONGEST = 300;

  /**
   * Signed, so that nobody can name an index at which all nodes would wait, nor an id that was not given to them.
   *
   * @param group the group that counts the indexes; in another one the token opens nothing
   */
  String sign(Signer signer, String group) {
    return signer.sign(PURPOSE + group, id + "." + index);
  }

  /** The token, or empty where it is forged, damaged, or of another group. */
  static Optional<SessionToken> verify(Signer signer, String group, String signed) {
    if (signed.length() > LONGEST) {
      return Optional.empty();
    }
    return signer.verify(PURPOSE + group, signed).map(text -> {
      int dot = text.lastIndexOf('.');
      return new SessionToken(text.substring(0, dot), Long.parseLong(text.substring(dot + 1)));
    });
  }
}
