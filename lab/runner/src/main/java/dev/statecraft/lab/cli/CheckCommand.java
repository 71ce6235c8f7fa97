package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.experiment.strategies.HistoryCheck;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code statecraft check}: checks saved histories again. */
@Command(name = "check", description = "Checks the saved histories of a comparison again.")
final class CheckCommand extends LabCommand {
  @Parameters(paramLabel = "DIR",
      description = "The output directory of compare, a directory of histories (*.jsonl), or a bundle of either.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--bundle", paramLabel = "FILE",
      description = "Also writes everything that a later check needs into one ZIP file.")
  private @Nullable Path bundle;

  @Override
  public Integer call() throws IOException {
    return new HistoryCheck(out()).check(directory, bundle) ? ExitCode.SUCCESS : ExitCode.VIOLATION;
  }
}
