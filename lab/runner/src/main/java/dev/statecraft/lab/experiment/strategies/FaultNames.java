package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.fault.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Parses the value of {@code --faults}. */
public final class FaultNames {
  private static final String NONE = "none";
  private static final String ALL = "all";
  static final String KILL = "kill";
  static final int MAX_FAULTS = 50;

  private FaultNames() {}

  /** The names of the requested faults, in order; aliases are replaced, and names may repeat. */
  public static List<String> parse(String text) {
    if (text.strip().equals(NONE)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String name = part.strip();
      if (name.equals(ALL)) {
        Faults.all().forEach(fault -> names.add(fault.name()));
      } else {
        names.add(name.equals(Schedule.RANDOM) ? name : named(name));
      }
    }
    if (names.size() > MAX_FAULTS) {
      throw new InvalidInput("--faults: " + names.size() + " faults, but at most " + MAX_FAULTS + " are possible");
    }
    return List.copyOf(names);
  }

  private static String named(String name) {
    return Faults.named(name).map(Fault::name)
        .orElseThrow(() -> new InvalidInput(
            "--faults: unknown fault '" + name + "'; known: none, all, " + Schedule.RANDOM + ", " + known()));
  }

  /** The names of all faults, separated by commas. */
  static String known() {
    return Stream.concat(Faults.all().stream(), Faults.onlyByName().stream()).map(Fault::name)
        .collect(Collectors.joining(", "));
  }

  /** The inverse of {@link #parse}. */
  public static String format(List<String> names) {
    return names.isEmpty() ? NONE : String.join(",", names);
  }

  /** The values of {@code --faults}, for the help text. */
  public static String help() {
    return "none, all, " + Schedule.RANDOM + " (one drawn by the seed), or any of "
        + Faults.all().stream().map(FaultNames::help).collect(Collectors.joining(", "))
        + "; not included in all and random: "
        + Faults.onlyByName().stream().map(fault -> help(fault) + ", which " + fault.onlyByName().orElseThrow())
            .collect(Collectors.joining(", and "));
  }

  private static String help(Fault fault) {
    return fault.name() + (fault.requirement().isEmpty() ? "" : " (" + fault.requirement() + ")");
  }
}
