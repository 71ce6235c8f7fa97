package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class SessionStrategiesTest {
  private final SessionStrategies strategies = SessionStrategies.load(getClass().getClassLoader());

  private String selectedBy(String name) {
    return strategies.selected(new MockEnvironment().withProperty(SessionStrategies.PROPERTY, name)).name();
  }

  @Test
  void nameSelectsItsStrategy() {
    assertThat(strategies.all()).extracting(SessionStrategy::name).containsExactly("affinity", "redis", "replicated",
        "cookie");
    for (SessionStrategy strategy : strategies.all()) {
      assertThat(selectedBy(strategy.name())).isEqualTo(strategy.name());
    }
    assertThat(selectedBy(" Redis ")).isEqualTo("redis");
    assertThat(strategies.selected(new MockEnvironment()).name()).isEqualTo("affinity");
  }

  @Test
  void rejectsUnknownStrategyAndListsKnownOnes() {
    assertThatThrownBy(() -> selectedBy("nowhere"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("nowhere")
        .hasMessageContaining("affinity, redis, replicated, cookie");
  }

  @Test
  void configurationIsInPackageOfStrategy() {
    assertThat(strategies.all()).allSatisfy(
        strategy -> assertThat(strategy.configuration().getPackage()).isEqualTo(strategy.getClass().getPackage()));
  }

  @Test
  void rejectsTwoStrategiesOfOneName() {
    assertThatThrownBy(() -> new SessionStrategies(List.of(new Named("disk"), new Named("disk"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Two session strategies have the name disk");
  }

  @Test
  void rejectsNameThatNoSettingCanSelect() {
    assertThatThrownBy(() -> new SessionStrategies(List.of(new Named("Disk"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has the name 'Disk'");
  }

  private record Named(String name) implements SessionStrategy {
    @Override
    public Guarantee guarantee() {
      return new Guarantee("none", "none", Set.of());
    }

    @Override
    public Class<?> configuration() {
      return Object.class;
    }
  }
}
