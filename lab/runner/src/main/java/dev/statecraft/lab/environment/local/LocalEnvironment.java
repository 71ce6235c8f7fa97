package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.local.ClusterPlan.Trait;
import dev.statecraft.lab.environment.local.launch.Launches;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.experiment.strategies.ComparePlan;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Schedule.Planned;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A cluster of processes of this machine, started for one strategy and ended with it. */
public record LocalEnvironment(LocalCluster cluster, SessionStrategy strategy) implements TestEnvironment {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  public static Stages from(Path java, Launches launches) {
    return (plan, strategy) -> start(plan, strategy, java, launches);
  }

  private static TestEnvironment start(ComparePlan plan, SessionStrategy strategy, Path java, Launches launches)
      throws ClusterFailure, InterruptedException {
    List<Fault> faults = plan.schedule(strategy, fault -> LocalFaultTarget.whyNot(fault, strategy)).planned().stream()
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
    return new LocalFaultTarget(cluster, strategy);
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
