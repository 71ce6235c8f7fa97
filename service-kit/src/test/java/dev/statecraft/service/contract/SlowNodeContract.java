package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A node that is configured to stand for hardware that is three times slower. */
public interface SlowNodeContract extends ServiceUnderTest {
  /** The properties of the node. */
  String SLOW = "statecraft.work.slowdown=3";

  @Test
  default void slowNodeMultipliesTheWork() throws Exception {
    assertThat(get("/work?cpu=1&wait=40").body()).contains("\"cpuMillis\":3,\"waitMillis\":120");
  }

  @Test
  default void slowNodeHasTheSameLimits() throws Exception {
    ServiceUnderTest.assertProblem(get("/work?wait=60001"), 400);
  }
}
