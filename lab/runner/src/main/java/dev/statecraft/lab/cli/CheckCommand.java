package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.CheckResult;
import dev.statecraft.lab.checker.GuaranteeResult;
import dev.statecraft.lab.checker.Guarantees;
import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.history.DamagedHistoryException;
import dev.statecraft.lab.history.HistoryFormat;
import dev.statecraft.lab.history.HistoryReader;
import dev.statecraft.lab.report.Bundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code statecraft check}: the same histories, the same verdict. */
@Command(name = "check", description = "Judges the saved histories of a comparison again.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  private static final int PROOFS_OF_EACH_KIND = 1;

  @Parameters(paramLabel = "DIR",
      description = "What compare wrote, a directory of histories (*.jsonl), or a bundle of it.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--bundle", paramLabel = "FILE",
      description = "Also writes all that is needed to check it again into one file (ZIP).")
  private @Nullable Path bundle;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  CheckCommand() {}

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(directory)) {
      List<Path> histories = histories();
      if (bundle != null) {
        Bundle.write(bundle, directory, histories);
      }
      return judgeAll(histories);
    }
    Path unpacked = Files.createTempDirectory("statecraft-check-");
    try {
      List<Path> histories = Bundle.unpack(directory, unpacked);
      if (histories.isEmpty()) {
        throw new InvalidInput("there is no history in " + directory);
      }
      return judgeAll(histories);
    } finally {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(unpacked)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(unpacked);
    }
  }

  private int judgeAll(List<Path> histories) throws IOException {
    boolean kept = true;
    for (Path file : histories) {
      CheckResult judgement = judge(file);
      print(file, judgement);
      kept &= judgement.judgement().kept();
    }
    return kept ? 0 : StatecraftCommand.BROKEN_GUARANTEE;
  }

  private static CheckResult judge(Path file) throws IOException {
    try {
      return Guarantees.judgeFully(HistoryReader.read(file), Bound.USUAL);
    } catch (DamagedHistoryException e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
  }

  private void print(Path file, CheckResult full) {
    GuaranteeResult judgement = full.judgement();
    PrintWriter out = spec.commandLine().getOut();
    String found = judgement.verdict().isClean()
        ? "no anomaly"
        : String.join(
            ", ",
            judgement.verdict().counts().entrySet().stream()
                .map(count -> count.getKey().field() + " " + count.getValue()).toList());
    out.println(
        file.getFileName() + ": " + judgement.verdict().operations() + " operations, " + found + "; "
            + (full.undecided().isEmpty()
                ? ""
                : full.undecided().size() + " of " + full.sessions() + " sessions undecided within the bound; ")
            + (judgement.kept() ? "kept its guarantee" : "BROKE its guarantee"));
    for (Anomaly anomaly : judgement.counterexamples(PROOFS_OF_EACH_KIND)) {
      out.println(
          "  " + (judgement.broken().contains(anomaly) ? "broken: " : "documented: ") + anomaly.explanation());
      anomaly.operations().forEach(operation -> out.println("    " + HistoryFormat.line(operation)));
    }
    out.flush();
  }

  private List<Path> histories() throws IOException {
    Path place = Files.isDirectory(directory.resolve("histories")) ? directory.resolve("histories") : directory;
    if (!Files.isDirectory(place)) {
      throw new InvalidInput(directory + " is not a directory");
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(place, "*.jsonl")) {
      found.forEach(files::add);
    }
    if (files.isEmpty()) {
      throw new InvalidInput("there is no history (*.jsonl) in " + directory);
    }
    Collections.sort(files);
    return files;
  }
}
