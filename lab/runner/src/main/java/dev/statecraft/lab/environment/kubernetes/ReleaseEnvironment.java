package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.kubernetes.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The nodes that a release runs for one strategy. It stays as it is found, so closing it does nothing. */
public record ReleaseEnvironment(Release release, SessionStrategy strategy) implements TestEnvironment {
  /** Pods wait for the scheduler, for an image, for their turn on a busy machine. */
  public static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Stages of a release whose nodes of the strategy are all ready. */
  public static Stages of(Release release) {
    return (_, strategy) -> {
      Workload workload = release.shape().workload(strategy);
      long ready = release.objects().pods(workload).stream().filter(ReleasePod::ready).count();
      if (ready < workload.replicas()) {
        throw new ClusterFailure(
            "only " + ready + " of " + workload.replicas() + " pods of " + workload.name() + " are ready");
      }
      return new ReleaseEnvironment(release, strategy);
    };
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
  public FaultTarget subject() {
    return ReleaseFaultTarget.of(release, strategy);
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }

  @Override
  public void close() {}
}
