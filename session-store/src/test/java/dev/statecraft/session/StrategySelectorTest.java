package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class StrategySelectorTest {
  private static SessionStrategy chosenBy(String label) {
    return StrategySelector.chosen(new MockEnvironment().withProperty(StrategySelector.PROPERTY, label));
  }

  @Test
  void everyLabelChoosesItsStrategy() {
    for (SessionStrategy strategy : SessionStrategy.values()) {
      assertThat(chosenBy(strategy.label())).isEqualTo(strategy);
    }
    assertThat(StrategySelector.chosen(new MockEnvironment())).isEqualTo(SessionStrategy.AFFINITY);
  }

  @Test
  void unknownStrategyIsRefusedByNameWithWhatThereIs() {
    assertThatThrownBy(() -> chosenBy("hazelcast"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("hazelcast")
        .hasMessageContaining("affinity, redis, replicated, cookie");
  }

  @Test
  void configurationStandsInTheStrategysOwnPackage() {
    assertThat(StrategySelector.configurationOf(SessionStrategy.AFFINITY))
        .isEqualTo("dev.statecraft.session.affinity.AffinityConfiguration");
  }
}
