package dev.statecraft.session.cookie;

import dev.statecraft.session.ChangeTrackingSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The content of a session's encrypted cookie. Its binary form has times in milliseconds.
 *
 * @param session random id of the session, by which it can be revoked; a change of the session's id changes it
 * @param created when the user logged in
 * @param issued when this cookie was made
 * @param lastAccessed start of the idle timeout
 * @param ends when the session expires even if it is in use
 * @param idle idle timeout; never expires if not positive
 * @param attributes encoded values by name; must not be modified
 */
record CookieState(
    UUID session, Instant created, Instant issued, Instant lastAccessed, Instant ends, Duration idle,
    Map<String, byte[]> attributes) {
  private static final int VERSION = 2;

  CookieState {
    attributes = Map.copyOf(attributes);
  }

  boolean isExpiredAt(Instant now) {
    return !now.isBefore(ends) || ChangeTrackingSession.isExpired(now, lastAccessed, idle);
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(session.getMostSignificantBits());
      out.writeLong(session.getLeastSignificantBits());
      out.writeLong(created.toEpochMilli());
      out.writeLong(issued.toEpochMilli());
      out.writeLong(lastAccessed.toEpochMilli());
      out.writeLong(ends.toEpochMilli());
      out.writeLong(idle.toMillis());
      out.writeShort(attributes.size());
      for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
        out.writeUTF(attribute.getKey());
        out.writeInt(attribute.getValue().length);
        out.write(attribute.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #toBytes} wrote. Empty if the bytes are damaged or of another version. */
  static Optional<CookieState> fromBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return Optional.empty();
      }
      UUID session = new UUID(in.readLong(), in.readLong());
      Instant created = Instant.ofEpochMilli(in.readLong());
      Instant issued = Instant.ofEpochMilli(in.readLong());
      Instant lastAccessed = Instant.ofEpochMilli(in.readLong());
      Instant ends = Instant.ofEpochMilli(in.readLong());
      Duration idle = Duration.ofMillis(in.readLong());
      Map<String, byte[]> attributes = new HashMap<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        String name = in.readUTF();
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
          return Optional.empty();
        }
        attributes.put(name, in.readNBytes(length));
      }
      return in.available() == 0
          ? Optional.of(new CookieState(session, created, issued, lastAccessed, ends, idle, attributes))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
