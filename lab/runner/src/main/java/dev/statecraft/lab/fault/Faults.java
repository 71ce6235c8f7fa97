package dev.statecraft.lab.fault;

import static java.util.Objects.requireNonNull;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** Every fault that the lab can inject. */
public final class Faults {
  /** Add new faults at the end: the schedule that a seed draws depends on this order. */
  private static final List<Fault> ALL = List.of(Kill.ONE_NODE, new Terminate(), Pause.LONG,
      Pause.SHORT, new SlowDown(), new RollingRestart(), Kill.ALL_NODES, Wipe.ONE_NODE,
      new GatewayKill(), new RedisKill(), new RedisFailover(), Partition.ONE_NODE,
      Partition.MINORITY, Partition.OUTBOUND,
      Partition.INBOUND, new ScaleOut(), new ScaleIn(), ClockJump.MINUTES,
      Wipe.ALL_NODES, ClockJump.PAST_TIMEOUT, new CpuStarvation());

  private static final Properties OLD_NAMES = loadOldNames();

  private Faults() {}

  /** The faults that {@code all} selects and {@code random} draws from. */
  public static List<Fault> all() {
    return ALL.stream().filter(fault -> fault.onlyByName().isEmpty()).toList();
  }

  /** The faults that are injected only if the user names them. */
  public static List<Fault> onlyByName() {
    return ALL.stream().filter(fault -> fault.onlyByName().isPresent()).toList();
  }

  /** Finds a fault by its name or an old name. */
  public static Optional<Fault> named(String name) {
    String current = OLD_NAMES.getProperty(name, name);
    return ALL.stream().filter(fault -> fault.name().equals(current)).findFirst();
  }

  /** The old names of faults, which are deprecated. */
  static Set<String> oldNames() {
    return OLD_NAMES.stringPropertyNames();
  }

  private static Properties loadOldNames() {
    Properties names = new Properties();
    try (InputStream file = Faults.class.getResourceAsStream("glossary-of-old-names.properties")) {
      names.load(requireNonNull(file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return names;
  }

  /** The effects of a fault that a history names; an unknown fault excuses nothing. */
  public static FaultEffects effects(String name) {
    return named(name).map(Fault::effects).orElse(FaultEffects.NONE);
  }

  /** Why a fault cannot be injected into local processes that run a strategy; empty if it can. */
  public static Optional<String> unsupportedLocally(Fault fault, SessionStrategy strategy) {
    return fault.unsupportedReason(strategy)
        .or(() -> fault.traits().stream().map(LocalTrait::unsupportedReason).flatMap(Optional::stream).findFirst())
        .or(fault::unsupportedLocally);
  }

  /** Why a fault cannot be injected into the nodes that a release runs for a strategy; empty if it can. */
  public static Optional<String> unsupportedOn(ReleaseFacts release, Fault fault, SessionStrategy strategy) {
    return fault.unsupportedReason(strategy).or(() -> fault.unsupportedOn(release));
  }
}
