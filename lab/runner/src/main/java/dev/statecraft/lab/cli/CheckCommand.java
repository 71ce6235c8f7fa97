package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.experiment.strategies.HistoryCheck;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code statecraft check}: the same histories, the same verdict. */
@Command(name = "check", description = "Judges the saved histories of a comparison again.",
    mixinStandardHelpOptions = true)
final class CheckCommand extends LabCommand {
  @Parameters(paramLabel = "DIR",
      description = "What compare wrote, a directory of histories (*.jsonl), or a bundle of it.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--bundle", paramLabel = "FILE",
      description = "Also writes all that is needed to check it again into one file (ZIP).")
  private @Nullable Path bundle;

  @Override
  public Integer call() throws IOException {
    return new HistoryCheck(out()).check(directory, bundle) ? ExitCode.SUCCESS : ExitCode.VIOLATION;
  }
}
