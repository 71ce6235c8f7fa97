package dev.statecraft.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.health.EjectionQuota;
import dev.statecraft.gateway.health.SlowStart;
import java.net.URI;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CanarySharesTest {
  private static final RoutingContext CONTEXT = TestNodes.from("10.0.0.1");

  private final Node stable = node("stable", "");
  private final Node canary = node("canary", "v2");

  @Property
  void groupGetsItsPercentage(@ForAll @IntRange(max = 100) int percent,
      @ForAll @DoubleRange(max = 1, maxIncluded = false) double drawn) {
    CanaryShares shares = new CanaryShares(Map.of("v2", percent), context -> drawn);
    assertThat(shares.narrow(List.of(stable, canary), CONTEXT))
        .containsExactly(drawn * 100 < percent ? canary : stable);
  }

  @Test
  void othersGetRequestsOfGroupWithoutCandidates() {
    CanaryShares shares = new CanaryShares(Map.of("v2", 100), context -> 0);
    assertThat(shares.narrow(List.of(stable), CONTEXT)).containsExactly(stable);
  }

  @Test
  void clientStaysWithItsGroup() {
    CanaryShares shares = new CanaryShares(Map.of("v2", 20), CanaryShares::ofClient);
    int sent = 0;
    for (int client = 0; client < 1_000; client++) {
      RoutingContext context = TestNodes.from("10.0." + client / 250 + '.' + client % 250);
      List<Node> chosen = shares.narrow(List.of(stable, canary), context);
      assertThat(shares.narrow(List.of(canary, stable), context)).isEqualTo(chosen);
      sent += chosen.contains(canary) ? 1 : 0;
    }
    assertThat(sent).isBetween(150, 250);
  }

  private static Node node(String name, String group) {
    return TestNodes.node(Member.of("shop", name, URI.create("http://127.0.0.1:1"), Map.of(Member.GROUP, group)),
        new EjectionQuota(), change -> {}, System::nanoTime, SlowStart.NONE);
  }
}
