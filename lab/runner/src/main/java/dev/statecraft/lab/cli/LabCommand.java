package dev.statecraft.lab.cli;

import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** Base of all commands: adds {@code --help} and {@code --version}, and gives access to the output streams. */
@Command(mixinStandardHelpOptions = true)
abstract class LabCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  final CommandSpec spec() {
    return spec;
  }

  /** The long names of the options on the command line. */
  final Set<String> givenOptions() {
    return spec.commandLine().getParseResult().matchedOptions().stream().map(OptionSpec::longestName)
        .collect(Collectors.toSet());
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
