package dev.statecraft.lab.checker.guarantee;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The session strategies that the lab can put under test, in the order in which it does. */
public enum SessionStrategy {
  /** One owner node for each session. */
  AFFINITY,
  /** One shared pool for all nodes. */
  REDIS,
  /** A consistent copy at every node. */
  REPLICATED,
  /** The state travels with the client. */
  COOKIE;

  /** The name that flags, properties, routes and files use. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The strategy of that name, if there is one. */
  public static Optional<SessionStrategy> named(String id) {
    return Arrays.stream(values()).filter(strategy -> strategy.id().equals(id)).findFirst();
  }
}
