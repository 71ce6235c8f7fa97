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
  private final Scaled objects = new Scaled();
  private final ReplicaScaler scale = new ReplicaScaler(objects);

  @Test
  void whatWasScaledGetsBackTheScaleThatItWasFoundWith() throws Exception {
    scale.set(nodes, 4);
    scale.set(nodes, 2);
    scale.set(others, 6);
    scale.restore();
    assertThat(objects.replicas).containsExactlyInAnyOrderEntriesOf(Map.of("nodes", 3, "others", 5));
  }

  @Test
  void whatIsAsItWasFoundIsNotTouchedAgain() throws Exception {
    scale.set(nodes, 4);
    scale.set(nodes, 3);
    objects.replicas.clear();
    scale.restore();
    assertThat(objects.replicas).isEmpty();
  }

  @Test
  void oneThatCannotBeRestoredDoesNotKeepTheOthers() throws Exception {
    scale.set(nodes, 4);
    scale.set(others, 6);
    objects.refused = "nodes";
    assertThatThrownBy(scale::restore).isInstanceOf(ClusterFailure.class);
    assertThat(objects.replicas).containsEntry("others", 5);

    objects.refused = null;
    scale.restore();
    assertThat(objects.replicas).containsEntry("nodes", 3);
  }

  private static final class Scaled implements ReleaseObjects {
    private final Map<String, Integer> replicas = new TreeMap<>();
    private @Nullable String refused;

    @Override
    public void scale(Workload workload, int wanted) throws ClusterFailure {
      if (workload.name().equals(refused)) {
        throw new ClusterFailure("refused");
      }
      replicas.put(workload.name(), wanted);
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
