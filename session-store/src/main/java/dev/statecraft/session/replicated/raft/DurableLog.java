package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.DiskTimings;
import dev.statecraft.session.replicated.raft.membership.Configuration;
import dev.statecraft.session.replicated.wire.WireReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.jgroups.Address;
import org.jgroups.protocols.raft.FileBasedLog;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * jgroups-raft's log on disk, corrected to survive a kill at any instant: the term never decreases, a vote is on disk
 * with its term, a snapshot replaces the last one atomically, a torn tail is truncated, and a failed write is an error
 * instead of a line on stderr. Not thread-safe: {@link LockedRaft#state} guards it.
 */
final class DurableLog extends FileBasedLog {
  private static final String SNAPSHOT = "snapshot";
  private static final String ENTRIES = "entries.raft";
  /** Header of an entry in the library's file: magic, total length, term, index, kind, length of the data. */
  private static final byte MAGIC = 1;
  private static final int HEADER_BYTES = 1 + Integer.BYTES + Long.BYTES + Long.BYTES + 1 + Integer.BYTES;

  private final Path directory;
  private final DiskTimings timings;

  DurableLog(Path directory, boolean synchronous, DiskTimings timings) {
    this.directory = directory;
    this.timings = timings;
    useFsync(synchronous);
  }

  /** Whether this directory holds a log. */
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
    // A kill may leave it half written, and the library would append to it.
    Files.deleteIfExists(directory.resolve(ENTRIES + ".tmp"));
    super.init(name, arguments);
    if (lastAppended() < commitIndex()) {
      throw new IOException(
          "The log in " + directory + " is damaged: it ends at index " + lastAppended() + ", but index " + commitIndex()
              + " was committed");
    }
    for (long index = Math.max(commitIndex() + 1, firstAppended()); index <= lastAppended(); index++) {
      LogEntry entry = get(index);
      if (entry == null || !isIntact(entry)) {
        // Never acknowledged: an append answers only after all of its bytes are written.
        deleteAllEntriesStartingFrom(index);
      }
    }
  }

  private static boolean isIntact(LogEntry entry) {
    return (entry.internal() && !Configuration.isIn(entry))
        || WireReader.isIntact(entry.command(), entry.offset(), entry.length());
  }

  /** The library sets the term of an old entry that it appends; a lower term could lead to two votes in one term. */
  @Override
  public Log currentTerm(long term) {
    return term > currentTerm() ? super.currentTerm(term) : this;
  }

  @Override
  public Log votedFor(@Nullable Address member) {
    super.votedFor(member);
    // The library syncs the file of term and vote only when it writes the term.
    return useFsync() ? super.currentTerm(currentTerm()) : this;
  }

  @Override
  public long append(long index, LogEntries entries) {
    long expected = index + entries.size() - 1;
    long began = System.nanoTime();
    long last = super.append(index, entries);
    timings.appended(Duration.ofNanos(System.nanoTime() - began));
    if (last != expected) {
      throw new UncheckedIOException(new IOException("Cannot write to the log in " + directory));
    }
    return last;
  }

  /**
   * Replaces the log by one that starts at a snapshot. The library does not flip its buffer here, so the first entry is
   * never written and the log looks empty after the next start.
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
      throw new IllegalStateException("Cannot replace the log in " + directory, e);
    }
    if (firstAppended() != index && index > 1) {
      throw new IllegalStateException("The log in " + directory + " does not start at index " + index);
    }
    commitIndex(index);
    currentTerm(entry.term());
  }

  @Override
  public void setSnapshot(ByteBuffer snapshot) {
    try {
      replace(directory.resolve(SNAPSHOT), snapshot);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the snapshot in " + directory, e);
    }
  }

  @Override
  public @Nullable ByteBuffer getSnapshot() {
    Path snapshot = directory.resolve(SNAPSHOT);
    try {
      return Files.exists(snapshot) ? ByteBuffer.wrap(Files.readAllBytes(snapshot)) : null;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the snapshot in " + directory, e);
    }
  }

  /** Replaces a file atomically. It is on disk when this returns. */
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

  /** Makes a rename durable. Does nothing where directories cannot be opened. */
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
