package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.history.Workload;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanSummaryTest {

  private static final ReleaseFacts RELEASE = new ReleaseFacts("shop-redis", 3, "shop-gateway", null, 0, false, true,
      0);

  @Test
  void listsEachFaultOnceWithCount() {
    assertThat(line("kill", "kill", "rolling")).isEqualTo(
        "redis: will kill one pod of shop-redis (2 times), replace every pod of shop-redis and shop-gateway");
  }

  @Test
  void listsUnsupportedFaultsSeparately() {
    assertThat(line("kill", "pause", "random")).isEqualTo(
        "redis: will kill one pod of shop-redis, random (any supported fault); not supported here: pause");
  }

  @Test
  void namesNoFaults() {
    assertThat(line()).isEqualTo("redis: no faults");
  }

  private static String line(String... faults) {
    ComparePlan plan = new ComparePlan(
        List.of(SessionStrategies.of("redis")), 3, 150, Duration.ofSeconds(20), 10, List.of(faults), 1, Reads.SESSION,
        Writes.LAST_WRITE_WINS, Workload.SHOPPING, "--on kubernetes", ComparePlan.WARM_UP, 3, Path.of("out"));
    assertThat(plan.command()).startsWith("./statecraft compare --on kubernetes --strategies redis --rate 150 ")
        .doesNotContain("--nodes", "--reads");
    return PlanSummary.line(plan, SessionStrategies.of("redis"), RELEASE);
  }
}
