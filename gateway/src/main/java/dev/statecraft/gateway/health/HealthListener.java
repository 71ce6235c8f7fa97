package dev.statecraft.gateway.health;

/** Is told each change of a node's status, on the thread that caused it. Must not block. */
@FunctionalInterface
public interface HealthListener {
  void changed(StatusChange change);
}
