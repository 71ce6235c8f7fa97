package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A node that stands for hardware three times weaker; its service must be set so. */
public interface SlowNodeContract extends ServiceUnderTest {
  /** The properties of such a node. */
  String SLOW = "statecraft.work.slowdown=3";

  @Test
  default void slowNodeTakesLongerForTheSameWorkAndSaysSo() throws Exception {
    long started = System.nanoTime();
    assertThat(get("/work?cpu=1&wait=40").body()).contains("\"cpuMillis\":3,\"waitMillis\":120");
    assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(120_000_000L);
  }

  @Test
  default void whatMayBeAskedForIsTheSameAsOfAnyNode() throws Exception {
    ServiceUnderTest.assertProblem(get("/work?wait=60001"), 400);
  }
}
