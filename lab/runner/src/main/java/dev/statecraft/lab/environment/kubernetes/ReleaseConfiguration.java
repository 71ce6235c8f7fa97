package dev.statecraft.lab.environment.kubernetes;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;

/** The {@code application.yaml} of a workload, without overrides by environment variables. */
record ReleaseConfiguration(Map<?, ?> properties) {
  static final ReleaseConfiguration EMPTY = new ReleaseConfiguration(Map.of());

  static ReleaseConfiguration parse(String yaml) {
    Map<?, ?> properties = Serialization.unmarshal(yaml, Map.class);
    return properties == null ? EMPTY : new ReleaseConfiguration(properties);
  }

  /** The string at a path of keys. */
  Optional<String> text(String... path) {
    return at(path).filter(String.class::isInstance).map(String.class::cast);
  }

  /** Whether a path of keys exists. */
  boolean has(String... path) {
    return at(path).isPresent();
  }

  private Optional<Object> at(String... path) {
    Object found = properties;
    for (String name : path) {
      found = found instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return Optional.ofNullable(found);
  }
}
