package dev.statecraft.lab.environment.kubernetes;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;

/** The {@code application.yaml} that a tier of a release was given. What its environment adds to it is not seen. */
record ReleaseConfiguration(Map<?, ?> properties) {
  static final ReleaseConfiguration EMPTY = new ReleaseConfiguration(Map.of());

  static ReleaseConfiguration parse(String yaml) {
    Map<?, ?> properties = Serialization.unmarshal(yaml, Map.class);
    return properties == null ? EMPTY : new ReleaseConfiguration(properties);
  }

  /** The text at a path of names, where there is one. */
  Optional<String> text(String... path) {
    return at(path).filter(String.class::isInstance).map(String.class::cast);
  }

  /** Whether there is anything at a path of names. */
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
