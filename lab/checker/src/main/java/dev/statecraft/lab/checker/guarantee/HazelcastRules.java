package dev.statecraft.lab.checker.guarantee;

/** {@code hazelcast}: a data grid with two synchronous backups. */
public final class HazelcastRules extends GridRules {
  public HazelcastRules() {
    super("hazelcast", 2);
  }
}
