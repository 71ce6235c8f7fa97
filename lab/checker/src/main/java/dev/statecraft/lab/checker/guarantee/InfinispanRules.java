package dev.statecraft.lab.checker.guarantee;

/** {@code infinispan}: a data grid with a copy on every node. */
public final class InfinispanRules extends GridRules {
  public InfinispanRules() {
    super("infinispan", Integer.MAX_VALUE);
  }
}
