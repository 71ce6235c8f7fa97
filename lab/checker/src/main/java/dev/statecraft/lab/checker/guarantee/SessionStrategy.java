package dev.statecraft.lab.checker.guarantee;

import java.util.List;
import java.util.Optional;

/**
 * A session strategy: the name that options, properties, routes and histories use, and what it documents. A new one is
 * a constant here and an entry of {@link #all}. Immutable; there is one instance for each strategy.
 */
public final class SessionStrategy implements Comparable<SessionStrategy> {
  /** One owner node for each session. */
  public static final SessionStrategy AFFINITY = new SessionStrategy("affinity", new AffinityRules());
  /** One shared pool for all nodes. */
  public static final SessionStrategy REDIS = new SessionStrategy("redis", new RedisRules());
  /** A consistent copy at every node. */
  public static final SessionStrategy REPLICATED = new SessionStrategy("replicated", new ReplicatedRules());
  /** The state travels with the client. */
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

  /** What the strategy of that name documents; one that is not known may show nothing. */
  public static GuaranteeRules rulesOf(String id) {
    return named(id).map(strategy -> strategy.rules).orElse(GuaranteeRules.NOTHING);
  }

  /** Its name. */
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
