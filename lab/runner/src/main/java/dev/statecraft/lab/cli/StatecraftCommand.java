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

/** The lab's command line. */
@Command(name = "statecraft", description = "Where should session state live? Measures it on this machine.",
    subcommands = {CompareCommand.class, UpCommand.class, CheckCommand.class, SoakCommand.class, ReportCommand.class,
      StartupCommand.class, ImagesCommand.class},
    mixinStandardHelpOptions = true, version = "Statecraft 0.1.0", exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:each strategy kept the guarantee that it documents", "1:one broke it",
      "2:bad input; one line says what", "3:the lab itself could not do its work", "130:ended by Ctrl-C"})
final class StatecraftCommand extends LabCommand {

  /** A command line that answers bad input with one line and exit code 2, and never with a stack trace. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new StatecraftCommand()).setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(false)
        .setResourceBundle(new HelpTexts())
        .setParameterExceptionHandler((problem, _) -> {
          CommandLine command = problem.getCommandLine();
          command.getErr().println("statecraft: " + oneLine(problem.getMessage()) + " (see ./"
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

  /** Picocli forgives unknown words beside --help. They are bad input: what they ask for has no help to show. */
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
    throw new ParameterException(spec().commandLine(), "say what to do, such as ./statecraft compare");
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).lines().map(String::strip).reduce((left, right) -> left + " " + right).orElse("");
  }
}
