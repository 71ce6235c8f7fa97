package dev.statecraft.session.cookie;

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

/**
 * All that a session is, as it stands inside the seal. Times are kept in milliseconds.
 *
 * @param created when the user logged in
 * @param issued when this seal was made
 * @param lastAccessed the last access that was sealed; the idle timeout counts from here
 * @param ends when the session ends, however busy it is
 * @param idle how long it may idle; a negative one means for ever
 * @param attributes encoded values by name; not to be changed
 */
record SealedState(
    Instant created, Instant issued, Instant lastAccessed, Instant ends, Duration idle,
    Map<String, byte[]> attributes) {
  private static final int VERSION = 1;

  SealedState {
    attributes = Map.copyOf(attributes);
  }

  boolean expiredAt(Instant now) {
    return !now.isBefore(ends) || (!idle.isNegative() && !now.isBefore(lastAccessed.plus(idle)));
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
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

  /** Reads what {@link #toBytes} wrote; empty where another version, or nobody, wrote it. */
  static Optional<SealedState> ofBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return Optional.empty();
      }
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
          ? Optional.of(new SealedState(created, issued, lastAccessed, ends, idle, attributes))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
