package dev.statecraft.session;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** The strategies on the class path, by name. */
final class SessionStrategies {
  static final String PROPERTY = "statecraft.session.strategy";
  static final String DEFAULT = "affinity";
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private final Map<String, SessionStrategy> byName = new LinkedHashMap<>();

  SessionStrategies(List<SessionStrategy> strategies) {
    for (SessionStrategy strategy : strategies) {
      if (!NAME.matcher(strategy.name()).matches()) {
        throw new IllegalStateException(
            "Session strategy " + strategy.getClass().getName() + " has the name '" + strategy.name()
                + "'; a name consists of lower-case letters, digits and hyphens");
      }
      SessionStrategy other = byName.putIfAbsent(strategy.name(), strategy);
      if (other != null) {
        throw new IllegalStateException(
            "Two session strategies have the name " + strategy.name() + ": " + other.getClass().getName() + " and "
                + strategy.getClass().getName() + "; remove the module of one");
      }
    }
  }

  static SessionStrategies load(@Nullable ClassLoader classes) {
    return new SessionStrategies(
        SpringFactoriesLoader.forDefaultResourceLocation(classes).load(SessionStrategy.class));
  }

  Collection<SessionStrategy> all() {
    return byName.values();
  }

  /**
   * Returns the strategy that the property names.
   *
   * @throws InvalidSettingException if no module on the class path provides it
   */
  SessionStrategy selected(Environment environment) {
    String name = environment.getProperty(PROPERTY, DEFAULT).strip();
    SessionStrategy strategy = byName.get(name.toLowerCase(Locale.ROOT));
    if (strategy == null) {
      throw new InvalidSettingException(
          PROPERTY,
          "is '" + name + "', which no module on the class path provides",
          "one of " + String.join(", ", byName.keySet()));
    }
    return strategy;
  }
}
