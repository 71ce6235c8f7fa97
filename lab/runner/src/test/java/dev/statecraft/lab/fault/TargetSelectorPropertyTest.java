package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.jspecify.annotations.Nullable;

class TargetSelectorPropertyTest {
  private final RecordingTarget cluster = new RecordingTarget();

  @Property(tries = 300)
  @StatisticsReport(onFailureOnly = true)
  void seedDecidesAmongEqualNodes(@ForAll long seed, @ForAll boolean redis) throws ClusterFailure {
    cluster.states = Map.of("n1", state(1, null), "n2", state(2, null), "n3", state(3, null));
    SessionStrategy strategy = redis ? SessionStrategies.of("redis") : SessionStrategies.of("cookie");
    Statistics.collect(selector(strategy, seed).mostImportant());
    Statistics.coverage(
        coverage -> Stream.of("n1", "n2", "n3").forEach(node -> coverage.check(node).count(count -> count > 0)));
  }

  private TargetSelector selector(SessionStrategy strategy, long seed) {
    return new TargetSelector(strategy, cluster, new Random(seed));
  }

  private static Optional<SessionStoreState> state(long sessions, @Nullable String leader) {
    return Optional.of(new SessionStoreState(sessions, leader, null));
  }
}
