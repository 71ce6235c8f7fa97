package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.fault.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalFaultTargetTest {

  @ParameterizedTest
  @EnumSource(SessionStrategy.class)
  void nodesOfEveryStrategyComeAndGo(SessionStrategy strategy) {
    assertThat(LocalFaultTarget.whyNot(new Fault.ScaleOut(), strategy)).isEmpty();
    assertThat(LocalFaultTarget.whyNot(new Fault.ScaleIn(), strategy)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(SessionStrategy.class)
  void aClockCanBeMovedWhereThisMachineCanDoIt(SessionStrategy strategy) {
    for (Fault.Clock.Jump jump : Fault.Clock.Jump.values()) {
      assertThat(LocalFaultTarget.whyNot(new Fault.Clock(jump), strategy)).isEqualTo(LocalCluster.whyNoOwnClocks());
    }
  }
}
