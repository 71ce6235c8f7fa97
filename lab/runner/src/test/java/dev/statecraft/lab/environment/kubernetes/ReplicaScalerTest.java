package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.kubernetes.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Kind;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicaScalerTest {
  private final Workload nodes = new Workload(Kind.STATEFUL_SET, "nodes", "nodes", 3);
  private final Workload others = new Workload(Kind.STATEFUL_SET, "others", "others", 5);
  private final FakeObjects objects = new FakeObjects();
  private final ReplicaScaler scaler = new ReplicaScaler(objects);

  @Test
  void restoresTheOriginalReplicaCounts() throws Exception {
    scaler.scale(nodes, 4);
    scaler.scale(nodes, 2);
    scaler.scale(others, 6);
    scaler.restore();
    assertThat(objects.replicas).containsExactlyInAnyOrderEntriesOf(Map.of("nodes", 3, "others", 5));
  }

  @Test
  void doesNotRestoreUnchangedWorkloads() throws Exception {
    scaler.scale(nodes, 4);
    scaler.scale(nodes, 3);
    objects.replicas.clear();
    scaler.restore();
    assertThat(objects.replicas).isEmpty();
  }

  @Test
  void restoresOthersAfterAFailure() throws Exception {
    scaler.scale(nodes, 4);
    scaler.scale(others, 6);
    objects.refused = "nodes";
    assertThatThrownBy(scaler::restore).isInstanceOf(ClusterFailure.class);
    assertThat(objects.replicas).containsEntry("others", 5);

    objects.refused = null;
    scaler.restore();
    assertThat(objects.replicas).containsEntry("nodes", 3);
  }

  private static final class FakeObjects implements ReleaseObjects {
    private final Map<String, Integer> replicas = new TreeMap<>();
    private @Nullable String refused;

    @Override
    public void scale(Workload workload, int count) throws ClusterFailure {
      if (workload.name().equals(refused)) {
        throw new ClusterFailure("refused");
      }
      replicas.put(workload.name(), count);
    }

    @Override
    public List<ReleasePod> pods(Workload workload) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String pod, @Nullable Long graceSeconds) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void restart(Workload workload) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isRolledOut(Workload workload) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<SessionStoreState> sessionStore(String pod) {
      throw new UnsupportedOperationException();
    }
  }
}
