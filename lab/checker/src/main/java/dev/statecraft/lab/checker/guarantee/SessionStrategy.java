package dev.statecraft.lab.checker.guarantee;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The session strategies, in the order in which the lab compares them: the name of each in options, properties, routes
 * and histories, and its guarantee.
 */
public enum SessionStrategy {
  /** One owner node for each session. */
  AFFINITY("affinity", new AffinityRules()),
  /** One shared pool for all nodes. */
  REDIS("redis", new RedisRules()),
  /** A consistent copy at every node. */
  REPLICATED("replicated", new ReplicatedRules()),
  /** The client's cookie holds the state. */
  COOKIE("cookie", new CookieRules());

  private final String id;
  @SuppressWarnings("ImmutableEnumChecker") // rules are stateless
  private final GuaranteeRules rules;

  SessionStrategy(String id, GuaranteeRules rules) {
    this.id = id;
    this.rules = rules;
  }

  public static List<SessionStrategy> all() {
    return List.of(values());
  }

  /** The strategy of that name, if there is one. */
  public static Optional<SessionStrategy> named(String id) {
    return Arrays.stream(values()).filter(strategy -> strategy.id.equals(id)).findFirst();
  }

  /** Returns the rules of the strategy of that name; an unknown strategy may show no anomaly. */
  public static GuaranteeRules rulesOf(String id) {
    return named(id).map(strategy -> strategy.rules).orElse(GuaranteeRules.NOTHING);
  }

  public String id() {
    return id;
  }

  @Override
  public String toString() {
    return id;
  }
}
