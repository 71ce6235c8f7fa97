package dev.statecraft.lab.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes a history to disk while it happens, one JSON line for each operation as it completes. Safe for many client
 * threads; lines may stand in any order. Keeps at most 64 Ki characters in memory: a disk that is slower than the load
 * slows the load. What was recorded more than a second of run time ago is flushed, so that a lab that dies leaves all
 * but the end.
 */
public final class HistoryWriter implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;
  private static final long FLUSH_EVERY = TimeUnit.SECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final BufferedWriter lines;
  private long flushed;
  private boolean closed;

  private HistoryWriter(BufferedWriter lines) {
    this.lines = lines;
  }

  /**
   * Opens a file, replacing an older one, and writes all of a history that is there already: commonly its header alone.
   * Missing directories are made.
   *
   * @throws IOException where the file cannot be written
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
   * Appends an operation that is over.
   *
   * @throws UncheckedIOException where the disk refuses it
   * @throws IllegalStateException where the writer is closed
   */
  public void record(Operation operation) {
    append(HistoryFormat.line(operation), operation.completed());
  }

  /** Appends a fault, once its end is known; errors as for an operation. */
  public void record(FaultEvent fault) {
    append(HistoryFormat.line(fault), Math.max(fault.began(), fault.ended()));
  }

  /**
   * Hands what was recorded so far to the operating system.
   *
   * @throws IOException where the disk refuses it
   */
  public void flush() throws IOException {
    lock.lock();
    try {
      if (!closed) {
        lines.flush();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      lines.close();
    } finally {
      lock.unlock();
    }
  }

  private void append(String line, long time) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the history is closed");
      }
      lines.write(line);
      lines.write('\n');
      if (time >= flushed + FLUSH_EVERY) {
        lines.flush();
        flushed = time;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }
}
