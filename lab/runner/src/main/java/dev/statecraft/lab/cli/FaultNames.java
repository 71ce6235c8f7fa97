package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what the user wrote after {@code --faults}. */
public final class FaultNames {
  private static final String NONE = "none";
  private static final String ALL = "all";
  private static final int MOST = 50;

  private FaultNames() {}

  /** The faults that are asked for, in order; a name may stand several times. */
  static List<String> parse(String text) {
    if (text.strip().equals(NONE)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String name = part.strip();
      if (name.equals(ALL)) {
        Fault.all().forEach(fault -> names.add(fault.id()));
      } else if (name.equals(Schedule.ANY) || Fault.named(name).isPresent()) {
        names.add(name);
      } else {
        throw new InvalidInput(
            "--faults: there is no fault '" + name + "'; there are none, all, " + Schedule.ANY + ", " + String.join(
                ", ", Stream.concat(Fault.all().stream(), Fault.onlyByName().stream()).map(Fault::id).toList()));
      }
    }
    if (names.size() > MOST) {
      throw new InvalidInput("--faults: " + names.size() + " faults; at most " + MOST);
    }
    return List.copyOf(names);
  }

  /** What {@link #parse} reads as the same faults. */
  public static String text(List<String> names) {
    return names.isEmpty() ? NONE : String.join(",", names);
  }
}
