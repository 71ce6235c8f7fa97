package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TargetSelectorTest {
  private final RecordingTarget cluster = new RecordingTarget();

  @Test
  void choosesOwnerOfMostSessions() throws ClusterFailure {
    cluster.states = Map.of("n1", state(3, null), "n2", Optional.empty(), "n3", state(9, null));
    assertThat(selector(SessionStrategies.of("affinity"), 1).mostImportant()).isEqualTo("n3");
  }

  @Test
  void choosesLeaderThatMostNodesReport() throws ClusterFailure {
    cluster.states = Map.of("n1", state(9, "n2"), "n2", state(9, "n2"), "n3", state(9, "n3"));
    assertThat(selector(SessionStrategies.of("replicated"), 1).mostImportant()).isEqualTo("n2");
  }

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.strategy.SessionStrategies#all")
  void seedDecidesIfNoNodeAnswers(SessionStrategy strategy) throws ClusterFailure {
    cluster.states = Map.of("n1", Optional.empty(), "n2", Optional.empty(), "n3", Optional.empty());
    assertThat(selector(strategy, 5).mostImportant()).isIn("n1", "n2", "n3")
        .isEqualTo(selector(strategy, 5).mostImportant());
  }

  private TargetSelector selector(SessionStrategy strategy, long seed) {
    return new TargetSelector(strategy, cluster, new Random(seed));
  }

  private static Optional<SessionStoreState> state(long sessions, @Nullable String leader) {
    return Optional.of(new SessionStoreState(sessions, leader, null));
  }
}
