package dev.statecraft.lab.console;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Tells the user what is going on, on the error stream, so that the result alone is on the output. On a terminal the
 * last line changes in place; elsewhere only whole lines appear, each once. From a pod a reader elsewhere gets the
 * status too, as lines that are marked. Thread-safe.
 */
public final class Progress {
  /** Set by the launcher, which can ask whether the error stream is a terminal; Java cannot. */
  static final String TERMINAL = "statecraft.terminal";

  /** What a status begins with that is sent to a reader elsewhere. */
  public static final String STATUS_PREFIX = "~ ";

  private static final long SENT_EACH_NANOS = Duration.ofSeconds(3).toNanos();
  private static final String CLEAR = "\r\u001b[K";
  private static final int WIDTH = 110;

  private final PrintWriter err;
  private final boolean live;
  private final boolean sent;
  private long sentLast = System.nanoTime() - SENT_EACH_NANOS;
  private boolean statusShown;
  private boolean ended;

  public Progress(PrintWriter err, boolean live) {
    this(err, live, false);
  }

  private Progress(PrintWriter err, boolean live, boolean sent) {
    this.err = err;
    this.live = live;
    this.sent = sent;
  }

  /** For a reader elsewhere. */
  public static Progress forRemoteReader(PrintWriter err) {
    return new Progress(err, false, true);
  }

  /** Live where the launcher found a terminal that can clear a line. */
  public static Progress on(PrintWriter err) {
    Progress progress = new Progress(err, Boolean.getBoolean(TERMINAL) && !"dumb".equals(System.getenv("TERM")));
    if (progress.live) {
      // Ctrl-C must not leave the user's prompt behind half a line.
      Runtime.getRuntime().addShutdownHook(new Thread(progress::end, "progress-at-exit"));
    }
    return progress;
  }

  /** A line that stays. */
  public synchronized void println(String line) {
    clear();
    err.println(line);
    err.flush();
  }

  /** What is going on just now; shown on a terminal until the next word. */
  public synchronized void status(String text) {
    if (live && !ended) {
      err.print(CLEAR + (text.length() > WIDTH ? text.substring(0, WIDTH) : text));
      err.flush();
      statusShown = true;
    } else if (sent && System.nanoTime() - sentLast >= SENT_EACH_NANOS) {
      sentLast = System.nanoTime();
      err.println(STATUS_PREFIX + text);
      err.flush();
    }
  }

  /** Takes the changing line away for good: what still reports its status while the process ends is not heard. */
  synchronized void end() {
    clear();
    ended = true;
  }

  /** Takes the changing line away. */
  public synchronized void clear() {
    if (statusShown) {
      err.print(CLEAR);
      err.flush();
      statusShown = false;
    }
  }
}
