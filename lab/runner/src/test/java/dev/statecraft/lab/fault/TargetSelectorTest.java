package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.SessionStoreState;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TargetSelectorTest {

  @Test
  void theOwnerOfMostSessionsIsHit() {
    assertThat(
        TargetSelector.choose(
            SessionStrategy.AFFINITY, Map.of("a", state(3, null), "b", state(9, null), "c", Optional.empty()),
            new Random(1)))
        .isEqualTo("b");
  }

  @Test
  void theLeaderIsHit() {
    assertThat(
        TargetSelector.choose(
            SessionStrategy.REPLICATED, Map.of("a", state(9, "b"), "b", state(9, "b"), "c", state(9, "c")),
            new Random(1)))
        .isEqualTo("b");
  }

  @ParameterizedTest
  @EnumSource(SessionStrategy.class)
  void whereNoNodeAnswersTheSeedDecides(SessionStrategy strategy) {
    Map<String, Optional<SessionStoreState>> silent = new LinkedHashMap<>();
    Set.of("a", "b", "c").forEach(name -> silent.put(name, Optional.empty()));

    assertThat(TargetSelector.choose(strategy, silent, new Random(5))).isIn("a", "b", "c")
        .isEqualTo(TargetSelector.choose(strategy, silent, new Random(5)));
  }

  @ParameterizedTest
  @EnumSource(value = SessionStrategy.class, names = {"REDIS", "COOKIE"})
  void whereAllAreAlikeTheSeedDecides(SessionStrategy strategy) {
    Set<String> hit = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      hit.add(
          TargetSelector.choose(
              strategy, Map.of("a", state(1, null), "b", state(2, null), "c", state(3, null)), new Random(seed)));
    }

    assertThat(hit).containsExactlyInAnyOrder("a", "b", "c");
  }

  private static Optional<SessionStoreState> state(long sessions, @org.jspecify.annotations.Nullable String leader) {
    return Optional.of(new SessionStoreState(sessions, leader));
  }
}
