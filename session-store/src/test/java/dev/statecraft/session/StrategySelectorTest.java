package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class StrategySelectorTest {
  private static SessionStrategy selectedBy(String label) {
    return StrategySelector.selected(new MockEnvironment().withProperty(StrategySelector.PROPERTY, label));
  }

  @Test
  void labelSelectsItsStrategy() {
    for (SessionStrategy strategy : SessionStrategy.values()) {
      assertThat(selectedBy(strategy.label())).isEqualTo(strategy);
    }
    assertThat(StrategySelector.selected(new MockEnvironment())).isEqualTo(SessionStrategy.AFFINITY);
  }

  @Test
  void rejectsUnknownStrategyAndListsKnownOnes() {
    assertThatThrownBy(() -> selectedBy("hazelcast"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("hazelcast")
        .hasMessageContaining("affinity, redis, replicated, cookie");
  }

  @Test
  void configurationIsInPackageOfStrategy() {
    assertThat(StrategySelector.configurationOf(SessionStrategy.AFFINITY))
        .isEqualTo("dev.statecraft.session.affinity.AffinityConfiguration");
  }
}
