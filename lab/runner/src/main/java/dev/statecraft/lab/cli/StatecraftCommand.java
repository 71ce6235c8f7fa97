package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.ClusterFailure;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** The lab's command line. */
@Command(name = "statecraft", description = "Where should session state live? Measures it on this machine.",
    subcommands = {
      CompareCommand.class, UpCommand.class, CheckCommand.class, SoakCommand.class, ReportCommand.class,
      StartupCommand.class,
      ImagesCommand.class},
    mixinStandardHelpOptions = true, version = "Statecraft 0.1.0", exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:each strategy kept the guarantee that it documents", "1:one broke it", "2:bad input; one line says what",
      "3:the lab itself could not do its work", "130:ended by Ctrl-C"})
public final class StatecraftCommand implements Runnable {
  public static final int BROKEN_GUARANTEE = 1;
  static final int BAD_INPUT = 2;
  public static final int LAB_FAILED = 3;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  StatecraftCommand() {}

  /** A command line that answers bad input with one line and exit code 2, and never with a stack trace. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new StatecraftCommand()).setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(false)
        .setParameterExceptionHandler((problem, _) -> {
          CommandLine command = problem.getCommandLine();
          command.getErr().println(
              "statecraft: " + oneLine(problem.getMessage()) + " (see ./" + command.getCommandSpec().qualifiedName()
                  + " --help)");
          return BAD_INPUT;
        }).setExecutionExceptionHandler((failure, command, _) -> {
          if (failure instanceof InvalidInput) {
            command.getErr().println("statecraft: " + oneLine(failure.getMessage()));
            return BAD_INPUT;
          }
          if (failure instanceof InterruptedException) {
            command.getErr().println("statecraft: interrupted");
            return LAB_FAILED;
          }
          command.getErr().println("statecraft: " + failure.getMessage());
          if (!(failure instanceof ClusterFailure)) {
            failure.printStackTrace(command.getErr());
          }
          return LAB_FAILED;
        });
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do, such as ./statecraft compare");
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).lines().map(String::strip).reduce((left, right) -> left + " " + right).orElse("");
  }
}
