package dev.statecraft.lab.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The entry point of the lab. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    // Log warnings only, to stderr.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    // The commands report failures of the Kubernetes client themselves.
    System.setProperty("org.slf4j.simpleLogger.log.io.fabric8", "off");
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(StatecraftCommand.commandLine(out, err).execute(arguments));
  }
}
