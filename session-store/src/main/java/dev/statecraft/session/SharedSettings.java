package dev.statecraft.session;

import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.session.autoconfigure.SessionTimeout;
import org.springframework.core.env.Environment;

/** Settings that come from Spring Boot's own properties if they are not set for this library. */
final class SharedSettings {
  private static final String TIMEOUT = "statecraft.session.timeout";
  private static final String NAMESPACE = "statecraft.session.namespace";
  private static final String APPLICATION_NAME = "spring.application.name";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofDays(30);

  private SharedSettings() {}

  /** Returns the timeout of new sessions. */
  static Duration timeout(SessionProperties properties, @Nullable SessionTimeout ofBoot, Environment environment) {
    Duration timeout = Stream
        .of(properties.timeout(), ofBoot == null ? null : ofBoot.getTimeout(), DEFAULT_TIMEOUT)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
    if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0 || timeout.toNanosPart() != 0) {
      String property = Stream
          .of(TIMEOUT, "spring.session.timeout", "server.servlet.session.timeout", "server.reactive.session.timeout")
          .filter(environment::containsProperty)
          .findFirst()
          .orElse(TIMEOUT);
      throw new InvalidSettingException(property, "is " + timeout, "a whole number of seconds from 1s to 30d");
    }
    return timeout;
  }

  /** Returns the namespace, which becomes a part of keys in Redis and of the purpose of a cipher. */
  static String namespace(SessionProperties properties, Environment environment) {
    String configured = properties.namespace();
    String namespace = configured == null ? environment.getProperty(APPLICATION_NAME, "") : configured;
    if (configured == null && namespace.isBlank()) {
      return "statecraft";
    }
    if (namespace.isBlank() || namespace.chars().anyMatch(c -> c <= ' ' || c == '{' || c == '}')) {
      throw new InvalidSettingException(NAMESPACE,
          "is '" + namespace + "'" + (configured == null ? ", from " + APPLICATION_NAME : ""),
          "a name without spaces and braces");
    }
    return namespace;
  }
}
