package dev.statecraft.lab.checker.guarantee;

import java.util.List;
import java.util.Optional;

/**
 * A session strategy: its name in options, properties, routes and histories, and its guarantee. To add one, add a
 * constant and an entry of {@link #all}. Immutable; one instance for each strategy.
 */
public final class SessionStrategy implements Comparable<SessionStrategy> {
  /** One owner node for each session. */
  public static final SessionStrategy AFFINITY = new SessionStrategy("affinity", new AffinityRules());
  /** One shared pool for all nodes. */
  public static final SessionStrategy REDIS = new SessionStrategy("redis", new RedisRules());
  /** A consistent copy at every node. */
  public static final SessionStrategy REPLICATED = new SessionStrategy("replicated", new ReplicatedRules());
  /** The client's cookie holds the state. */
  public static final SessionStrategy COOKIE = new SessionStrategy("cookie", new CookieRules());

  private static final List<SessionStrategy> ALL = List.of(AFFINITY, REDIS, REPLICATED, COOKIE);

  private final String id;
  private final GuaranteeRules rules;

  private SessionStrategy(String id, GuaranteeRules rules) {
    this.id = id;
    this.rules = rules;
  }

  /** Every strategy, in the order in which the lab compares them. */
  public static List<SessionStrategy> all() {
    return ALL;
  }

  /** The strategy of that name, if there is one. */
  public static Optional<SessionStrategy> named(String id) {
    return ALL.stream().filter(strategy -> strategy.id.equals(id)).findFirst();
  }

  /** Returns the rules of the strategy of that name; an unknown strategy may show no anomaly. */
  public static GuaranteeRules rulesOf(String id) {
    return named(id).map(strategy -> strategy.rules).orElse(GuaranteeRules.NOTHING);
  }

  /** Returns the strategy's name. */
  public String id() {
    return id;
  }

  /** In the order of {@link #all}. */
  @Override
  public int compareTo(SessionStrategy other) {
    return Integer.compare(ALL.indexOf(this), ALL.indexOf(other));
  }

  @Override
  public String toString() {
    return id;
  }
}
