package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.kubernetes.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The nodes that a release runs for one strategy. It stays as it is found, so closing it does nothing. */
public record ReleaseEnvironment(Release release, SessionStrategy strategy) implements TestEnvironment {
  /** Pods wait for the scheduler, for an image, for their turn on a busy machine. */
  public static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(5);

  /**
   * The environment of a strategy.
   *
   * @throws ClusterFailure where not all nodes of the strategy are ready
   */
  public static ReleaseEnvironment of(Release release, SessionStrategy strategy) throws ClusterFailure {
    Workload workload = release.shape().workload(strategy);
    long ready = release.objects().pods(workload).stream().filter(ReleasePod::ready).count();
    if (ready < workload.replicas()) {
      throw new ClusterFailure(
          "only " + ready + " of " + workload.replicas() + " pods of " + workload.name() + " are ready");
    }
    return new ReleaseEnvironment(release, strategy);
  }

  /** What faults may want to know of the nodes that a release runs for a strategy. */
  public static ReleaseFacts facts(Release release, SessionStrategy strategy) {
    return ReleaseFaultTarget.of(release, strategy).facts();
  }

  @Override
  public URI prefix() {
    return release.gateway().resolve("/" + strategy.id());
  }

  @Override
  public List<String> nodes() throws ClusterFailure {
    return release.objects().pods(release.shape().workload(strategy)).stream().map(ReleasePod::name).toList();
  }

  @Override
  public FaultTarget faultTarget() {
    return ReleaseFaultTarget.of(release, strategy);
  }

  @Override
  public Duration recoveryTimeout() {
    return RECOVERY_TIMEOUT;
  }

  @Override
  public void close() {}
}
