package dev.statecraft.session;

import java.util.List;

/**
 * A client library that comes with a strategy. Spring Boot's auto-configurations of it are excluded unless a strategy
 * that lists the library is selected, or the application sets one of the properties, which shows that it uses the
 * library itself. Otherwise each strategy on the class path would connect to a server that does not exist.
 *
 * @param autoConfigurations package prefix of the auto-configurations, such as {@code org.example.autoconfigure.}
 * @param properties names of properties that an application sets to connect, such as {@code spring.data.redis.host};
 * the value {@code none} counts as not set
 */
public record ClientLibrary(String autoConfigurations, List<String> properties) {
  /** Spring Data Redis. */
  public static final ClientLibrary REDIS = new ClientLibrary(
      "org.springframework.boot.data.redis.autoconfigure.",
      List.of(
          "spring.data.redis.host",
          "spring.data.redis.port",
          "spring.data.redis.url",
          "spring.data.redis.sentinel.nodes",
          "spring.data.redis.cluster.nodes",
          "spring.data.redis.masterreplica.nodes",
          "statecraft.session.cookie.deny-list"));

  public ClientLibrary {
    properties = List.copyOf(properties);
  }
}
