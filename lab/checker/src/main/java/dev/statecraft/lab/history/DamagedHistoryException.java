package dev.statecraft.lab.history;

import java.io.IOException;
import java.nio.file.Path;

/** A history file is damaged. The message is one line with the file, the line number and the reason. */
public final class DamagedHistoryException extends IOException {
  private final transient Path file;
  private final int line;

  DamagedHistoryException(Path file, int line, String reason) {
    super(file + ", line " + line + ": " + reason);
    this.file = file;
    this.line = line;
  }

  /** The damaged file. */
  public Path file() {
    return file;
  }

  /** The number of the damaged line, from 1. */
  public int line() {
    return line;
  }
}
