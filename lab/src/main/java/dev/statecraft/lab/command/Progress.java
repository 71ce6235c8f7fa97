package dev.statecraft.lab.command;

import java.io.PrintWriter;

/**
 * Tells the user what is going on, on the error stream, so that the result alone is on the output. On a terminal the
 * last line changes in place; elsewhere only whole lines appear, each once. Thread-safe.
 */
final class Progress {
  /** Set by the launcher, which can ask whether the error stream is a terminal; Java cannot. */
  static final String TERMINAL = "statecraft.terminal";

  private static final String CLEAR = "\r\u001b[K";
  private static final int WIDTH = 110;

  private final PrintWriter err;
  private final boolean live;
  private boolean statusShown;
  private boolean ended;

  Progress(PrintWriter err, boolean live) {
    this.err = err;
    this.live = live;
  }

  /** Live where the launcher found a terminal that can clear a line. */
  static Progress on(PrintWriter err) {
    Progress progress = new Progress(err, Boolean.getBoolean(TERMINAL) && !"dumb".equals(System.getenv("TERM")));
    if (progress.live) {
      // Ctrl-C must not leave the user's prompt behind half a line.
      Runtime.getRuntime().addShutdownHook(new Thread(progress::end, "progress-at-exit"));
    }
    return progress;
  }

  /** A line that stays. */
  synchronized void say(String line) {
    clear();
    err.println(line);
    err.flush();
  }

  /** What is going on just now; shown on a terminal until the next word. */
  synchronized void status(String text) {
    if (live && !ended) {
      err.print(CLEAR + (text.length() > WIDTH ? text.substring(0, WIDTH) : text));
      err.flush();
      statusShown = true;
    }
  }

  /** Takes the changing line away for good: what still reports its status while the process ends is not heard. */
  synchronized void end() {
    clear();
    ended = true;
  }

  /** Takes the changing line away. */
  synchronized void clear() {
    if (statusShown) {
      err.print(CLEAR);
      err.flush();
      statusShown = false;
    }
  }
}
