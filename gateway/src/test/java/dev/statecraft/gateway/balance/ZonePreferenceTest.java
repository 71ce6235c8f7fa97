package dev.statecraft.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.health.EjectionQuota;
import dev.statecraft.gateway.health.SlowStart;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.LowerChars;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ZonePreferenceTest {
  private static final RoutingContext CONTEXT = TestNodes.from("10.0.0.1");
  private static final Offset<Double> TINY = within(1e-9);

  @Test
  void staysInOwnZoneWhileItsCapacitySuffices() {
    assertThat(ZoneShares.of("a", Map.of("a", 2, "b", 2, "c", 2))).isEqualTo(Map.of("a", 1.0));
    assertThat(ZoneShares.of("b", Map.of("a", 1, "b", 3))).isEqualTo(Map.of("b", 1.0));
  }

  @Test
  void sendsRestToZoneWithMoreThanItsPart() {
    Map<String, Double> shares = ZoneShares.of("a", Map.of("a", 1, "b", 3, "c", 2));
    assertThat(shares.keySet()).containsExactlyInAnyOrder("a", "b");
    assertThat(shares.get("a")).isEqualTo(0.5, TINY);
  }

  @Test
  void prefersNothingWithoutNodesInOwnZone() {
    assertThat(ZoneShares.of("d", Map.of("a", 1, "b", 3))).isEmpty();
    assertThat(ZoneShares.of("a", Map.of("a", 1))).isEmpty();
  }

  /** If each zone has gateways with the same number of requests. */
  @Property
  void allGatewaysTogetherLoadEachZoneByItsCapacity(
      @ForAll @Size(min = 2,
          max = 6) Map<@LowerChars @StringLength(1) String, @IntRange(min = 1, max = 20) Integer> zones) {
    Map<String, Double> loads = new HashMap<>();
    zones.keySet().forEach(own -> {
      Map<String, Double> shares = ZoneShares.of(own, zones);
      assertThat(shares.values().stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(1, TINY);
      shares.forEach((zone, share) -> loads.merge(zone, share / zones.size(), Double::sum));
    });
    double total = zones.values().stream().mapToInt(Integer::intValue).sum();
    zones.forEach((zone, capacity) -> assertThat(loads.get(zone)).isEqualTo(capacity / total, TINY));
  }

  @Test
  void narrowsToNodesOfTheDrawnZone() {
    Node near = node("near", "a");
    List<Node> far = List.of(node("far-1", "b"), node("far-2", "b"), node("far-3", "b"));
    List<Node> all = List.of(near, far.get(0), far.get(1), far.get(2));
    double[] drawn = {0.49};
    ZonePreference preference = new ZonePreference("a", () -> drawn[0]);
    assertThat(preference.narrow(all, CONTEXT)).containsExactly(near);
    drawn[0] = 0.51;
    assertThat(preference.narrow(all, CONTEXT)).isEqualTo(far);
    assertThat(preference.narrow(far, CONTEXT)).isEqualTo(far);
    assertThat(preference.narrow(List.of(near, far.get(0)), CONTEXT)).containsExactly(near);
  }

  static Node node(String name, String zone) {
    return TestNodes.node(Member.of("shop", name, URI.create("http://127.0.0.1:1"), Map.of(Member.ZONE, zone)),
        new EjectionQuota(), change -> {}, System::nanoTime, SlowStart.NONE);
  }
}
