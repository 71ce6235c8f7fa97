package dev.statecraft.session.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Names of the keys in Redis. All keys of one session are in one slot of a Redis Cluster, also after its id changed:
 * the first four characters of the id are the hash tag and never change. The other 106 random bits of an id do.
 *
 * @param namespace first part of each key
 */
record RedisKeys(String namespace) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final int ID_LENGTH = 36;
  private static final int TAG_LENGTH = 4;

  /** Tells whether this store can have given out the id. Any other text finds no session and costs no round trip. */
  static boolean isId(String id) {
    return id.length() == ID_LENGTH && ID.matcher(id).matches();
  }

  /** Returns a new random id for a session. */
  static String newId(String oldId) {
    return oldId.substring(0, TAG_LENGTH) + UUID.randomUUID().toString().substring(TAG_LENGTH);
  }

  String session(String id) {
    return namespace + ":session:{" + id.substring(0, TAG_LENGTH) + "}" + id.substring(TAG_LENGTH);
  }

  /** Holds the new id of a session for a while after its id changed. */
  String moved(String id) {
    return session(id) + ":moved";
  }

  /** Ids of all sessions by the time at which they expire. */
  String expirations() {
    return namespace + ":session-expirations";
  }

  /** Ids of the sessions of one user by the time at which they expire. The user's name is not readable in the key. */
  String ofPrincipal(String name) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return namespace + ":session-principal:" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK lacks SHA-256", e);
    }
  }
}
