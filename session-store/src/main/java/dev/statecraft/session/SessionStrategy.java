package dev.statecraft.session;

import java.util.List;

/**
 * One way to keep session state, which {@code statecraft.session.strategy} selects by name.
 *
 * <p>A module adds a strategy by naming its implementation in {@code META-INF/spring.factories}, under the key of this
 * interface. An implementation has a constructor without parameters, is immutable, and must not load classes of its
 * store before {@link #configuration()} is called: all strategies on the class path are instantiated, and one is used.
 */
public interface SessionStrategy {
  /** The name in configuration, routes and reports: lower-case letters, digits and hyphens. */
  String name();

  /** What the strategy guarantees with its default settings. Its contract tests check the clauses. */
  Guarantee guarantee();

  /**
   * The Spring configuration that is imported if the strategy is selected. It defines one
   * {@link org.springframework.session.SessionRepository} and one {@link SessionStoreStatus}; the same bean may be
   * both. The repository must throw {@link SessionStoreException} if it rejects an operation or its store does not
   * answer, and must not block longer than its deadline.
   */
  Class<?> configuration();

  /** The client libraries that the strategy's module brings and Spring Boot would configure by itself. */
  default List<ClientLibrary> clientLibraries() {
    return List.of();
  }
}
