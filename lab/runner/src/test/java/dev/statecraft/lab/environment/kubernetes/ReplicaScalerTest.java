package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Kind;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicaScalerTest {
  private final Workload nodes = new Workload(Kind.STATEFUL_SET, "nodes", "nodes", 3);
  private final Workload others = new Workload(Kind.STATEFUL_SET, "others", "others", 5);
  private final Map<String, Integer> replicas = new TreeMap<>();
  private final ReplicaScaler scaler = new ReplicaScaler(this::setReplicas);
  private @Nullable String refused;

  @Test
  void restoresTheOriginalReplicaCounts() throws Exception {
    scaler.scale(nodes, 4);
    scaler.scale(nodes, 2);
    scaler.scale(others, 6);
    scaler.restore();
    assertThat(replicas).containsExactlyInAnyOrderEntriesOf(Map.of("nodes", 3, "others", 5));
  }

  @Test
  void doesNotRestoreUnchangedWorkloads() throws Exception {
    scaler.scale(nodes, 4);
    scaler.scale(nodes, 3);
    replicas.clear();
    scaler.restore();
    assertThat(replicas).isEmpty();
  }

  @Test
  void restoresOthersAfterAFailure() throws Exception {
    scaler.scale(nodes, 4);
    scaler.scale(others, 6);
    refused = "nodes";
    assertThatThrownBy(scaler::restore).isInstanceOf(ClusterFailure.class);
    assertThat(replicas).containsEntry("others", 5);

    refused = null;
    scaler.restore();
    assertThat(replicas).containsEntry("nodes", 3);
  }

  private void setReplicas(Workload workload, int count) throws ClusterFailure {
    if (workload.name().equals(refused)) {
      throw new ClusterFailure("refused");
    }
    replicas.put(workload.name(), count);
  }
}
