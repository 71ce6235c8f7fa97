package dev.statecraft.lab.strategy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.console.InvalidInput;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The strategies on the class path, peers last, in the order in which the lab compares them. Thread-safe. */
public final class SessionStrategies {
  @GuardedBy("SessionStrategies.class")
  private static @Nullable Map<String, SessionStrategy> loaded;

  private SessionStrategies() {}

  /**
   * All strategies.
   *
   * @throws InvalidInput if one cannot be loaded, or two have one name
   */
  public static List<SessionStrategy> all() {
    return List.copyOf(byName().values());
  }

  /** The strategies that the stateful service has, which the lab compares by default. */
  public static List<SessionStrategy> own() {
    return all().stream().filter(strategy -> !strategy.isPeer()).toList();
  }

  /** The strategy of that name, if there is one. */
  public static Optional<SessionStrategy> named(String id) {
    return Optional.ofNullable(byName().get(id));
  }

  /**
   * The strategy of that name.
   *
   * @throws InvalidInput if there is none; lists the names of all
   */
  public static SessionStrategy of(String id) {
    return named(id).orElseThrow(
        () -> new InvalidInput("unknown strategy '" + id + "'; known: " + String.join(", ", byName().keySet())));
  }

  private static synchronized Map<String, SessionStrategy> byName() {
    Map<String, SessionStrategy> known = loaded;
    if (known == null) {
      known = load();
      loaded = known;
    }
    return known;
  }

  private static Map<String, SessionStrategy> load() {
    Map<String, SessionStrategy> strategies = new LinkedHashMap<>();
    try {
      ServiceLoader.load(SessionStrategy.class).stream().map(ServiceLoader.Provider::get)
          .sorted(Comparator.comparing(SessionStrategy::isPeer))
          .forEach(strategy -> strategies.merge(strategy.id(), strategy, SessionStrategies::rejectSecond));
    } catch (ServiceConfigurationError e) {
      throw new InvalidInput("cannot load a strategy from the class path of the lab: " + e.getMessage());
    }
    return strategies;
  }

  private static SessionStrategy rejectSecond(SessionStrategy first, SessionStrategy second) {
    throw new InvalidInput("two classes on the class path of the lab are strategy " + first.id() + ": "
        + first.getClass().getName() + " and " + second.getClass().getName());
  }
}
