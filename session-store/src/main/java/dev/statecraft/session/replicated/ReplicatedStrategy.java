package dev.statecraft.session.replicated;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import java.util.Set;

/** Keeps sessions on every node, replicated by Raft. */
final class ReplicatedStrategy implements SessionStrategy {
  @Override
  public String name() {
    return "replicated";
  }

  @Override
  public Guarantee guarantee() {
    return new Guarantee(
        "an acknowledged write survives the loss of any minority of nodes",
        "the minority side of a partition refuses writes; what the disks of a majority held is lost with them",
        Set.of());
  }

  @Override
  public Class<?> configuration() {
    return ReplicatedConfiguration.class;
  }
}
