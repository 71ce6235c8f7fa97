package dev.statecraft.lab.console;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Prints progress to the error stream, so that standard output holds the result alone. On a terminal the status is
 * updated in place; otherwise only whole lines are printed. A pod sends the status to its remote reader as prefixed
 * lines. Thread-safe.
 */
public final class Progress {
  /** The launcher sets this property if the error stream is a terminal, which Java cannot detect. */
  static final String TERMINAL = "statecraft.terminal";

  /** The prefix of a status line that is sent to a remote reader. */
  public static final String STATUS_PREFIX = "~ ";

  private static final long REMOTE_INTERVAL_NANOS = Duration.ofSeconds(3).toNanos();
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final int MAX_WIDTH = 110;

  private final PrintWriter err;
  private final boolean live;
  private final boolean remote;
  @GuardedBy("this")
  private long lastSentNanos = System.nanoTime() - REMOTE_INTERVAL_NANOS;
  @GuardedBy("this")
  private boolean statusShown;
  @GuardedBy("this")
  private boolean ended;

  public Progress(PrintWriter err, boolean live) {
    this(err, live, false);
  }

  private Progress(PrintWriter err, boolean live, boolean remote) {
    this.err = err;
    this.live = live;
    this.remote = remote;
  }

  /** Progress that also sends the status, at most every 3 s, as lines with {@link #STATUS_PREFIX}. */
  public static Progress forRemoteReader(PrintWriter err) {
    return new Progress(err, false, true);
  }

  /** Progress that updates the status in place if the launcher found a terminal that can clear a line. */
  public static Progress on(PrintWriter err) {
    Progress progress = new Progress(err, Boolean.getBoolean(TERMINAL) && TerminalText.hasControlSequences());
    if (progress.live) {
      // After Ctrl-C the prompt must start on an empty line.
      Runtime.getRuntime().addShutdownHook(new Thread(progress::end, "progress-shutdown"));
    }
    return progress;
  }

  /** Prints a permanent line. */
  public synchronized void println(String line) {
    clear();
    err.println(line);
    err.flush();
  }

  /** Shows the current status; the next output replaces it. */
  public synchronized void status(String text) {
    if (live && !ended) {
      err.print(CLEAR_LINE + (text.length() > MAX_WIDTH ? text.substring(0, MAX_WIDTH) : text));
      err.flush();
      statusShown = true;
    } else if (remote && System.nanoTime() - lastSentNanos >= REMOTE_INTERVAL_NANOS) {
      lastSentNanos = System.nanoTime();
      err.println(STATUS_PREFIX + text);
      err.flush();
    }
  }

  /** Clears the status and ignores every later one. */
  synchronized void end() {
    clear();
    ended = true;
  }

  public synchronized void clear() {
    if (statusShown) {
      err.print(CLEAR_LINE);
      err.flush();
      statusShown = false;
    }
  }
}
