package dev.statecraft.lab.checker.guarantee;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The session strategies and the peers, in the order in which the lab compares them: the name of each in options,
 * properties, routes and histories, and its guarantee.
 */
public enum SessionStrategy {
  /** One owner node for each session. */
  AFFINITY("affinity", new AffinityRules()),
  /** One shared pool for all nodes. */
  REDIS("redis", new RedisRules()),
  /** A consistent copy at every node. */
  REPLICATED("replicated", new ReplicatedRules()),
  /** The client's cookie holds the state. */
  COOKIE("cookie", new CookieRules()),
  /** Spring Session's own repository in Redis. */
  SPRING_REDIS("spring-redis", new RedisRules()),
  /** Spring Session's own repository in PostgreSQL. */
  JDBC("jdbc", new JdbcRules()),
  /** A Hazelcast map in the memory of the nodes, with two synchronous backups. */
  HAZELCAST("hazelcast", new GridRules(2)),
  /** An Infinispan cache that every node holds. */
  INFINISPAN("infinispan", new GridRules(Integer.MAX_VALUE));

  private static final Set<SessionStrategy> PEERS = Set.of(SPRING_REDIS, JDBC, HAZELCAST, INFINISPAN);

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

  /** The strategies that Statecraft itself implements, which the lab compares by default. */
  public static List<SessionStrategy> own() {
    return all().stream().filter(strategy -> !strategy.isPeer()).toList();
  }

  /** Whether a session store of another project implements the strategy, in a module of its own. */
  public boolean isPeer() {
    return PEERS.contains(this);
  }

  /** Whether the nodes keep the sessions in a shared Redis. */
  public boolean usesRedis() {
    return this == REDIS || this == SPRING_REDIS;
  }

  /** Whether the nodes form a data grid, which keeps the sessions in their memory. */
  public boolean isGrid() {
    return this == HAZELCAST || this == INFINISPAN;
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
