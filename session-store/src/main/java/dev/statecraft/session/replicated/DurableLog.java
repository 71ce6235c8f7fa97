package dev.statecraft.session.replicated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jgroups.Address;
import org.jgroups.protocols.raft.FileBasedLog;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * The library's log on disk, made to keep what Raft needs across a kill at any instant: the term never goes back, a
 * vote is on disk with its term, a snapshot replaces the last one in one step, a torn tail is cut off, and a write that
 * failed is an error rather than a line on stderr. Not thread-safe: {@link StrictRaft} guards it.
 */
final class DurableLog extends FileBasedLog {
  private static final String SNAPSHOT = "snapshot";
  private static final String ENTRIES = "entries.raft";
  /** How the library's file begins an entry: its magic, whole length, term, index, kind, length of the data. */
  private static final byte MAGIC = 1;
  private static final int HEADER_BYTES = 1 + Integer.BYTES + Long.BYTES + Long.BYTES + 1 + Integer.BYTES;

  private final Path directory;

  DurableLog(Path directory, boolean synchronous) {
    this.directory = directory;
    useFsync(synchronous);
  }

  /** Whether a log was ever kept in this directory. */
  static boolean existsIn(Path directory) {
    return Files.exists(directory.resolve("metadata.raft"));
  }

  void open() throws IOException {
    try {
      init(directory.toString(), Map.of());
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot open the log in " + directory, e);
    }
  }

  @Override
  public void init(String name, Map<String, String> arguments) throws Exception {
    Files.createDirectories(directory);
    // What a kill left half written; the library would append to it.
    Files.deleteIfExists(directory.resolve(ENTRIES + ".tmp"));
    super.init(name, arguments);
    if (lastAppended() < commitIndex()) {
      throw new IOException(
          "The log in " + directory + " ends at " + lastAppended() + ", though " + commitIndex()
              + " was committed: it is damaged");
    }
    for (long index = Math.max(commitIndex() + 1, firstAppended()); index <= lastAppended(); index++) {
      LogEntry entry = get(index);
      if (entry == null || !isIntact(entry)) {
        // Never acknowledged: an append answers only after all of it is written.
        deleteAllEntriesStartingFrom(index);
      }
    }
  }

  private static boolean isIntact(LogEntry entry) {
    return (entry.internal() && !Configuration.isIn(entry))
        || WireReader.isIntact(entry.command(), entry.offset(), entry.length());
  }

  /** The library sets the term of an old entry that it appends; going back could give two votes in one term. */
  @Override
  public Log currentTerm(long term) {
    return term > currentTerm() ? super.currentTerm(term) : this;
  }

  @Override
  public Log votedFor(@Nullable Address member) {
    super.votedFor(member);
    // The library syncs the file of both only when it writes the term.
    return useFsync() ? super.currentTerm(currentTerm()) : this;
  }

  @Override
  public long append(long index, LogEntries entries) {
    long expected = index + entries.size() - 1;
    long last = super.append(index, entries);
    if (last != expected) {
      throw new UncheckedIOException(new IOException("Could not write to the log in " + directory));
    }
    return last;
  }

  /**
   * Begins the log anew behind a snapshot. The library forgets to flip its buffer here, so the entry that the log
   * begins with never reaches the disk, and after the next start the whole log is taken for empty.
   */
  @Override
  public void reinitializeTo(long index, LogEntry entry) {
    close();
    try {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      header.put(MAGIC).putInt(HEADER_BYTES).putLong(entry.term()).putLong(index).put((byte) 0).putInt(0).flip();
      replace(directory.resolve(ENTRIES), header);
      super.init(directory.toString(), Map.of());
    } catch (Exception e) {
      throw new IllegalStateException("Could not begin the log anew in " + directory, e);
    }
    if (firstAppended() != index && index > 1) {
      throw new IllegalStateException("The log in " + directory + " does not begin at " + index);
    }
    commitIndex(index);
    currentTerm(entry.term());
  }

  @Override
  public void setSnapshot(ByteBuffer snapshot) {
    try {
      replace(directory.resolve(SNAPSHOT), snapshot);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write the snapshot in " + directory, e);
    }
  }

  @Override
  public @Nullable ByteBuffer getSnapshot() {
    Path snapshot = directory.resolve(SNAPSHOT);
    try {
      return Files.exists(snapshot) ? ByteBuffer.wrap(Files.readAllBytes(snapshot)) : null;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the snapshot in " + directory, e);
    }
  }

  /** Replaces a file in one step, which is on disk when this returns. */
  static void replace(Path file, ByteBuffer content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel = FileChannel
        .open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer left = content.duplicate();
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(file);
  }

  /** Makes a rename last; where directories cannot be opened, nothing better is known. */
  private static void syncDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException onWindows) {
      return;
    }
  }
}
