package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.ClusterFailure;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command of the lab. */
@Command(name = "statecraft", description = "Where should session state live? Answers with measurements.",
    subcommands = {CompareCommand.class, UpCommand.class, CheckCommand.class, SoakCommand.class, ChaosCommand.class,
      ReportCommand.class,
      StartupCommand.class, ImagesCommand.class},
    version = "Statecraft 0.1.0", exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every strategy kept its documented guarantee", "1:a strategy violated its guarantee",
      "2:invalid input; the error is one line", "3:the lab itself failed", "130:ended by Ctrl-C"})
final class StatecraftCommand extends LabCommand {
  /** A command line that answers invalid input with one line and exit code 2, and never with a stack trace. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new StatecraftCommand()).setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(false)
        .setResourceBundle(new HelpTexts()).setParameterExceptionHandler((problem, _) -> {
          CommandLine command = problem.getCommandLine();
          command.getErr().println("statecraft: " + oneLine(reason(problem)) + " (see ./"
              + command.getCommandSpec().qualifiedName() + " --help)");
          return ExitCode.INVALID_INPUT;
        }).setExecutionExceptionHandler((failure, command, _) -> {
          if (failure instanceof InvalidInput) {
            command.getErr().println("statecraft: " + oneLine(failure.getMessage()));
            return ExitCode.INVALID_INPUT;
          }
          if (failure instanceof InterruptedException) {
            command.getErr().println("statecraft: interrupted");
            return ExitCode.LAB_FAILURE;
          }
          command.getErr().println("statecraft: " + failure.getMessage());
          if (!(failure instanceof ClusterFailure)) {
            failure.printStackTrace(command.getErr());
          }
          return ExitCode.LAB_FAILURE;
        }).setExecutionStrategy(StatecraftCommand::execute);
  }

  /** Rejects unknown arguments also when {@code --help} is given, which picocli accepts. */
  private static int execute(ParseResult parsed) {
    for (ParseResult level = parsed; level != null; level = level.subcommand()) {
      if (!level.unmatched().isEmpty()) {
        throw new UnmatchedArgumentException(level.commandSpec().commandLine(), level.unmatched());
      }
    }
    return new RunLast().execute(parsed);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec().commandLine(), "missing command, such as ./statecraft compare");
  }

  private static @Nullable String reason(ParameterException problem) {
    if (!(problem instanceof UnmatchedArgumentException unmatched) || unmatched.getUnmatched().isEmpty()) {
      return problem.getMessage();
    }
    String argument = unmatched.getUnmatched().getFirst();
    String kind = argument.startsWith("-")
        ? "unknown option"
        : problem.getCommandLine().getSubcommands().isEmpty() ? "unexpected argument" : "unknown command";
    return kind + " '" + argument + "'";
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).lines().map(String::strip).reduce((left, right) -> left + " " + right).orElse("");
  }
}
