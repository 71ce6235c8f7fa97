package dev.statecraft.lab.console;

/** The exit codes of every command. */
public final class ExitCode {
  /** Each strategy kept the guarantee that it documents. */
  public static final int SUCCESS = 0;
  /** A strategy broke its guarantee, or a claim does not hold. */
  public static final int VIOLATION = 1;
  /** The input is wrong; one line says how. */
  public static final int INVALID_INPUT = 2;
  /** The lab itself could not do its work. */
  public static final int LAB_FAILURE = 3;

  private ExitCode() {}
}
