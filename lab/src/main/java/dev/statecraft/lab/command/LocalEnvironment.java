package dev.statecraft.lab.command;

import dev.statecraft.lab.cluster.ClusterFailure;
import dev.statecraft.lab.cluster.ClusterPlan;
import dev.statecraft.lab.cluster.ClusterPlan.Trait;
import dev.statecraft.lab.cluster.Launches;
import dev.statecraft.lab.cluster.LocalCluster;
import dev.statecraft.lab.cluster.Node;
import dev.statecraft.lab.cluster.SessionStrategy;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.fault.FaultTarget;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A cluster of processes of this machine, started for one strategy and ended with it. */
record LocalEnvironment(LocalCluster cluster, SessionStrategy strategy) implements TestEnvironment {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  static Stages from(Path java, Launches launches) {
    return (plan, strategy) -> start(plan, strategy, java, launches);
  }

  private static TestEnvironment start(ComparePlan plan, SessionStrategy strategy, Path java, Launches launches)
      throws ClusterFailure, InterruptedException {
    List<Fault> faults = plan.schedule(strategy, fault -> FaultTarget.whyNotHere(fault, strategy)).planned().stream()
        .map(Planned::fault).toList();
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if ("confirmed".equals(plan.writes(strategy))) {
      traits.add(Trait.SENTINELS);
    }
    for (Fault fault : faults) {
      switch (fault) {
        case Fault.Partition _ -> traits.add(Trait.DIVISIBLE);
        case Fault.RedisFailover _ -> traits.add(Trait.SENTINELS);
        case Fault.ScaleOut _,Fault.ScaleIn _ -> traits.add(Trait.SCALABLE);
        case Fault.Clock _ -> traits.add(Trait.OWN_CLOCKS);
        default -> {
        }
      }
    }
    ClusterPlan shape = new ClusterPlan(
        List.of(strategy), plan.nodes(), plan.reads(strategy), plan.writes(strategy), plan.sessionTimeout(), traits,
        false, plan.out().resolve("logs").resolve(strategy.id()));
    return new LocalEnvironment(LocalCluster.start(shape, java, launches), strategy);
  }

  @Override
  public URI prefix() {
    return cluster.prefix(strategy);
  }

  @Override
  public List<String> nodes() {
    return cluster.nodes(strategy).stream().map(Node::name).toList();
  }

  @Override
  public FaultTarget subject() {
    return FaultTarget.of(cluster, strategy);
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
