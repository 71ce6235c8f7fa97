package dev.statecraft.lab.strategy;

/** A property of a strategy on which clusters, options and faults depend. */
public enum StrategyTrait {
  /** The nodes keep the sessions in a shared Redis, which the lab starts; faults of Redis apply. */
  USES_REDIS,
  /** The option {@code --reads} applies. */
  HAS_READ_MODES,
  /** The option {@code --writes} applies. */
  HAS_WRITE_MODES,
  /** One node holds a session: the gateway must route by session, and the loss of that node hurts most. */
  SESSIONS_HAVE_OWNERS,
  /** The nodes report a leader, whose loss hurts most. */
  HAS_LEADER,
  /** The nodes have disks, which a fault can wipe. */
  HAS_DISKS,
  /** A node that is removed for good must first leave its group by {@code DELETE /actuator/membership}. */
  LEAVES_GROUP,
  /** The nodes have no connections that a fault could cut, neither to each other nor to a store. */
  HAS_NO_CONNECTIONS
}
