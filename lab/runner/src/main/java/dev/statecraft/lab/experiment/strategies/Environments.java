package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.environment.kubernetes.ReleaseFaultTarget;
import dev.statecraft.lab.environment.local.ClusterPlan;
import dev.statecraft.lab.environment.local.LocalCluster;
import dev.statecraft.lab.environment.local.LocalTrait;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Creates the environments in which strategies are measured. */
interface Environments {
  /** Why a fault cannot be injected into the nodes of a strategy; empty if it can. */
  Optional<String> unsupportedReason(Fault fault, SessionStrategy strategy);

  /**
   * Whether the lab may send as fast as the cluster answers; a release gets the load that its owner asked for alone.
   */
  default boolean mayDrive() {
    return false;
  }

  /**
   * Why the environments of all strategies of a plan cannot run at the same time; empty if they can. They then share
   * the time of a comparison, so that what changes on the machine affects all alike.
   */
  default Optional<String> reasonNotTogether(ComparePlan plan) {
    return Optional.empty();
  }

  /** Starts an environment and waits until the strategy is ready. */
  TestEnvironment start(ComparePlan plan, SessionStrategy strategy) throws ClusterFailure, InterruptedException;

  /** Local clusters, one started per run. */
  static Environments local(LocalServices services) {
    return new Environments() {
      @Override
      public Optional<String> unsupportedReason(Fault fault, SessionStrategy strategy) {
        return Faults.unsupportedLocally(fault, strategy);
      }

      @Override
      public boolean mayDrive() {
        return true;
      }

      @Override
      public Optional<String> reasonNotTogether(ComparePlan plan) {
        return MemoryNeed.reasonTooLarge(plan, MemoryNeed.availableBytes());
      }

      @Override
      public TestEnvironment start(ComparePlan plan, SessionStrategy strategy)
          throws ClusterFailure, InterruptedException {
        Set<LocalTrait> traits = EnumSet.noneOf(LocalTrait.class);
        if (Writes.CONFIRMED.equals(plan.writes(strategy))) {
          traits.add(LocalTrait.SENTINELS);
        }
        plan.schedule(strategy, fault -> unsupportedReason(fault, strategy)).planned()
            .forEach(planned -> traits.addAll(planned.fault().traits()));
        ClusterPlan cluster = new ClusterPlan(List.of(strategy), plan.nodes(), plan.reads(strategy),
            plan.writes(strategy), plan.sessionTimeout(), traits, false,
            plan.out().resolve("logs").resolve(strategy.id()));
        return LocalCluster.start(cluster, services.java(), services.launches()).environment(strategy);
      }
    };
  }

  /** The nodes of an installed release. */
  static Environments of(Release release) {
    return new Environments() {
      @Override
      public Optional<String> unsupportedReason(Fault fault, SessionStrategy strategy) {
        return Faults.unsupportedOn(ReleaseFaultTarget.of(release, strategy).facts(), fault, strategy);
      }

      @Override
      public TestEnvironment start(ComparePlan plan, SessionStrategy strategy) throws ClusterFailure {
        return release.environment(strategy);
      }
    };
  }
}
