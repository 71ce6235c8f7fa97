package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.CheckResult;
import dev.statecraft.lab.checker.Checker;
import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.local.process.WorkDirectory;
import dev.statecraft.lab.fault.Faults;
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
import org.jspecify.annotations.Nullable;

/** Checks stored histories and prints the results. */
public final class HistoryCheck {
  private static final int MAX_COUNTEREXAMPLES_PER_KIND = 1;
  private static final String HISTORIES = "histories";

  private final PrintWriter out;

  public HistoryCheck(PrintWriter out) {
    this.out = out;
  }

  /**
   * Checks the histories in a directory or bundle.
   *
   * @param path the directory or bundle
   * @param bundle where to write a bundle of the directory; null for none
   * @return whether every strategy kept its guarantee
   * @throws InvalidInput if there is no history, or a damaged one
   */
  public boolean check(Path path, @Nullable Path bundle) throws IOException {
    if (!Files.isRegularFile(path)) {
      List<Path> histories = histories(path);
      if (bundle != null) {
        Bundle.write(bundle, path, histories);
      }
      return checkAll(histories);
    }
    Path unpacked = Files.createTempDirectory("statecraft-check-");
    try {
      List<Path> histories = Bundle.unpack(path, unpacked);
      if (histories.isEmpty()) {
        throw new InvalidInput("there is no history in " + path);
      }
      return checkAll(histories);
    } finally {
      WorkDirectory.delete(unpacked);
    }
  }

  private boolean checkAll(List<Path> histories) throws IOException {
    boolean kept = true;
    for (Path file : histories) {
      try {
        CheckResult result = new Checker(Faults::effects).check(HistoryReader.read(file));
        print(file, result);
        kept &= result.kept();
      } catch (DamagedHistoryException e) {
        throw new InvalidInput(String.valueOf(e.getMessage()));
      }
    }
    return kept;
  }

  private void print(Path file, CheckResult result) {
    String found = result.verdict().isClean()
        ? "no anomaly"
        : String.join(", ", result.verdict().counts().entrySet().stream()
            .map(count -> count.getKey().field() + " " + count.getValue()).toList());
    out.println(file.getFileName() + ": " + result.verdict().operations() + " operations, " + found + "; "
        + (result.undecided().isEmpty()
            ? ""
            : result.undecided().size() + " of " + result.sessions() + " sessions undecided within the search bound; ")
        + (result.kept() ? "kept its guarantee" : "BROKE its guarantee"));
    for (Anomaly anomaly : result.counterexamples(MAX_COUNTEREXAMPLES_PER_KIND)) {
      out.println("  " + (result.broken().contains(anomaly) ? "broken: " : "documented: ") + anomaly.explanation());
      anomaly.operations().forEach(operation -> out.println("    " + HistoryFormat.line(operation)));
    }
    out.flush();
  }

  private static List<Path> histories(Path directory) throws IOException {
    Path parent = Files.isDirectory(directory.resolve(HISTORIES)) ? directory.resolve(HISTORIES) : directory;
    if (!Files.isDirectory(parent)) {
      throw new InvalidInput(directory + " is not a directory");
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, "*.jsonl")) {
      found.forEach(files::add);
    }
    if (files.isEmpty()) {
      throw new InvalidInput("there is no history (*.jsonl) in " + directory);
    }
    Collections.sort(files);
    return files;
  }
}
