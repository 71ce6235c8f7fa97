package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The faults that a user wrote down, in YAML or JSON.
 *
 * <pre>{@code
 * strategy: replicated
 * faults:
 *   - {at: 10s, fault: kill}
 *   - {at: 40s, fault: pause, duration: 5s, target: replicated-2}
 * }</pre>
 *
 * @param strategy whose nodes are hit
 * @param planned in the order in which they are due
 */
record ScheduleFile(SessionStrategy strategy, List<Planned> planned) {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_FAULTS = 1_000;
  private static final Duration MAX_AT = Duration.ofDays(7);
  private static final Duration MAX_DURATION = Duration.ofHours(1);
  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(3);

  ScheduleFile {
    planned = List.copyOf(planned);
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInput if it is not a schedule; the message is one line with the place in the file
   */
  static ScheduleFile read(Path file) {
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidInput("--schedule " + file + ": is larger than 1 MiB");
      }
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInput("--schedule " + file + ": does not exist");
    } catch (CharacterCodingException e) {
      throw new InvalidInput("--schedule " + file + ": is not UTF-8 text");
    } catch (IOException e) {
      throw new InvalidInput("--schedule " + file + ": cannot be read: " + e.getMessage());
    }
    return parse("--schedule " + file, text);
  }

  static ScheduleFile parse(String name, String text) {
    Object content;
    try {
      // JSON is YAML. The defaults refuse duplicate keys and bound aliases.
      content = new Load(LoadSettings.builder().build()).loadFromString(text);
    } catch (MarkedYamlEngineException e) {
      throw new InvalidInput(name + e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("")
          + ": is neither YAML nor JSON: " + firstLine(e.getProblem()));
    } catch (YamlEngineException e) {
      throw new InvalidInput(name + ": is neither YAML nor JSON: " + firstLine(e.getMessage()));
    }
    Entry root = Entry.of(name, content, Set.of("strategy", "faults"));
    String strategyName = root.text("strategy");
    SessionStrategy strategy = SessionStrategies.named(strategyName).orElseThrow(
        () -> new InvalidInput(name + ": strategy: unknown strategy '" + strategyName + "'; known: "
            + StrategyNames.known()));
    if (!(root.values().get("faults") instanceof List<?> entries) || entries.isEmpty()) {
      throw new InvalidInput(name + ": faults: must be a list with at least one fault");
    }
    if (entries.size() > MAX_FAULTS) {
      throw new InvalidInput(name + ": faults: has " + entries.size() + " faults; at most " + MAX_FAULTS
          + " are possible");
    }
    List<Planned> planned = new ArrayList<>();
    for (Object entry : entries) {
      planned.add(fault(Entry.of(name + ": faults[" + planned.size() + "]", entry,
          Set.of("at", "fault", "duration", "target"))));
    }
    planned.sort(Comparator.comparing(Planned::at));
    return new ScheduleFile(strategy, planned);
  }

  private static Planned fault(Entry entry) {
    String name = entry.text("fault");
    Fault fault = Faults.named(name).orElseThrow(
        () -> new InvalidInput(entry.place() + ".fault: unknown fault '" + name + "'; known: " + FaultNames.known()));
    Duration at = entry.duration("at", Duration.ZERO, MAX_AT);
    Duration duration = entry.has("duration")
        ? entry.duration("duration", Duration.ofMillis(1), MAX_DURATION)
        : fault.duration(DEFAULT_DURATION);
    String target = entry.has("target") ? entry.text("target") : null;
    if (target != null && !fault.takesTarget()) {
      throw new InvalidInput(entry.place() + ".target: " + fault.name() + " chooses its targets itself");
    }
    return new Planned(fault, at, duration, target);
  }

  private static String firstLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }

  /** Checks that this environment supports each fault and has each target. */
  void check(String name, List<String> nodes, Function<Fault, Optional<String>> unsupportedReason) {
    for (Planned each : planned) {
      unsupportedReason.apply(each.fault()).ifPresent(reason -> {
        throw new InvalidInput(name + ": " + each.fault().name() + ": " + reason);
      });
      String target = each.target();
      if (target != null && !nodes.contains(target)) {
        throw new InvalidInput(name + ": target '" + target + "' is no node of " + strategy.id() + "; known: "
            + String.join(", ", nodes));
      }
    }
  }

  /** One mapping of the file, with its place for messages. */
  private record Entry(String place, Map<?, ?> values) {
    static Entry of(String place, @Nullable Object value, Set<String> known) {
      if (!(value instanceof Map<?, ?> map)) {
        throw new InvalidInput(place + ": must be a mapping with the keys " + String.join(", ", new TreeSet<>(known)));
      }
      for (Object key : map.keySet()) {
        if (!known.contains(String.valueOf(key))) {
          throw new InvalidInput(place + ": unknown key '" + key + "'; known: "
              + String.join(", ", new TreeSet<>(known)));
        }
      }
      return new Entry(place, map);
    }

    boolean has(String key) {
      return values.get(key) != null;
    }

    String text(String key) {
      Object value = values.get(key);
      if (value instanceof String || value instanceof Number) {
        return value.toString();
      }
      throw new InvalidInput(place + "." + key + ": " + (value == null ? "is missing" : "must be text"));
    }

    Duration duration(String key, Duration min, Duration max) {
      return OptionText.duration(place + "." + key, text(key), min, max);
    }
  }
}
