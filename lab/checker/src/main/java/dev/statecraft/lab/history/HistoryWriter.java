package dev.statecraft.lab.history;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Writes a history to disk during the run, one JSON line for each completed operation, in any order. Thread-safe.
 * Buffers at most 64 Ki characters, so a slow disk slows the load. Flushes after each second of run time, so that a
 * crash loses only the end.
 */
public final class HistoryWriter implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;
  private static final long FLUSH_EVERY = TimeUnit.SECONDS.toNanos(1);

  @GuardedBy("this")
  private final BufferedWriter lines;
  @GuardedBy("this")
  private long flushed;
  @GuardedBy("this")
  private boolean closed;

  private HistoryWriter(BufferedWriter lines) {
    this.lines = lines;
  }

  /**
   * Opens a file, replaces an older one, and writes the given history, usually only its header. Creates missing
   * directories.
   *
   * @throws IOException if the file cannot be written
   */
  public static HistoryWriter create(Path file, History begun) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    HistoryWriter writer = new HistoryWriter(new BufferedWriter(Files.newBufferedWriter(file), BUFFER));
    writer.append(HistoryFormat.header(begun), Long.MIN_VALUE);
    begun.operations().forEach(writer::record);
    begun.faults().forEach(writer::record);
    writer.flush();
    return writer;
  }

  /**
   * Appends a completed operation.
   *
   * @throws UncheckedIOException if the write fails
   * @throws IllegalStateException if the writer is closed
   */
  public void record(Operation operation) {
    append(HistoryFormat.line(operation), operation.completed());
  }

  /** Appends a fault after its end is known; errors as for an operation. */
  public void record(FaultEvent fault) {
    append(HistoryFormat.line(fault), Math.max(fault.began(), fault.ended()));
  }

  /**
   * Flushes all recorded lines to the operating system.
   *
   * @throws IOException if the write fails
   */
  public synchronized void flush() throws IOException {
    if (!closed) {
      lines.flush();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    lines.close();
  }

  private synchronized void append(String line, long time) {
    if (closed) {
      throw new IllegalStateException("the history is closed");
    }
    try {
      lines.write(line);
      lines.write('\n');
      if (time >= flushed + FLUSH_EVERY) {
        lines.flush();
        flushed = time;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
