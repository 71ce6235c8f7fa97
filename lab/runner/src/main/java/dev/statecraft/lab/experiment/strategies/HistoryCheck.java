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

/** Judges saved histories again and prints what it finds. */
public final class HistoryCheck {
  private static final int MAX_PROOFS_OF_A_KIND = 1;
  private static final String HISTORIES = "histories";

  private final PrintWriter out;

  public HistoryCheck(PrintWriter out) {
    this.out = out;
  }

  /**
   * Judges the histories of a directory, or of a bundle of one.
   *
   * @param bundle where a bundle of the directory is written; null for none
   * @return whether every strategy kept its guarantee
   * @throws InvalidInput where there is no history, or a damaged one
   */
  public boolean check(Path place, @Nullable Path bundle) throws IOException {
    if (!Files.isRegularFile(place)) {
      List<Path> histories = histories(place);
      if (bundle != null) {
        Bundle.write(bundle, place, histories);
      }
      return judgeAll(histories);
    }
    Path unpacked = Files.createTempDirectory("statecraft-check-");
    try {
      List<Path> histories = Bundle.unpack(place, unpacked);
      if (histories.isEmpty()) {
        throw new InvalidInput("there is no history in " + place);
      }
      return judgeAll(histories);
    } finally {
      WorkDirectory.delete(unpacked);
    }
  }

  private boolean judgeAll(List<Path> histories) throws IOException {
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
            : result.undecided().size() + " of " + result.sessions() + " sessions undecided within the bound; ")
        + (result.kept() ? "kept its guarantee" : "BROKE its guarantee"));
    for (Anomaly anomaly : result.counterexamples(MAX_PROOFS_OF_A_KIND)) {
      out.println("  " + (result.broken().contains(anomaly) ? "broken: " : "documented: ") + anomaly.explanation());
      anomaly.operations().forEach(operation -> out.println("    " + HistoryFormat.line(operation)));
    }
    out.flush();
  }

  private static List<Path> histories(Path directory) throws IOException {
    Path place = Files.isDirectory(directory.resolve(HISTORIES)) ? directory.resolve(HISTORIES) : directory;
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
