package dev.statecraft.lab.console;

/** The exit codes of every command. */
public final class ExitCode {
  /** Every strategy kept its documented guarantee, or the command has no verdict to give. */
  public static final int SUCCESS = 0;
  /** A strategy violated its guarantee, or a claim does not hold. */
  public static final int VIOLATION = 1;
  /** The input is invalid; the error is one line. */
  public static final int INVALID_INPUT = 2;
  /** The lab itself failed. */
  public static final int LAB_FAILURE = 3;

  private ExitCode() {}
}
