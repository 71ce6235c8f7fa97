package dev.statecraft.lab.command;

import dev.statecraft.lab.cluster.ClusterFailure;
import dev.statecraft.lab.cluster.Release;
import dev.statecraft.lab.cluster.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.cluster.ReleaseShape.Workload;
import dev.statecraft.lab.cluster.SessionStrategy;
import dev.statecraft.lab.fault.FaultTarget;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The nodes that a release runs for one strategy. It stays as it is found, so closing it does nothing. */
record ReleaseEnvironment(Release release, SessionStrategy strategy) implements TestEnvironment {
  /** Pods wait for the scheduler, for an image, for their turn on a busy machine. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Stages of a release whose nodes of the strategy are all ready. */
  static Stages of(Release release) {
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
    return FaultTarget.of(release, strategy);
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }

  @Override
  public void close() {}
}
