package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NotesTest {

  @Test
  void clusterIpServiceIsPortForwarded() {
    assertThat(Rendering.ofDefaults().notes())
        .contains("kubectl -n shop port-forward service/statecraft-gateway 8080:80")
        .contains("$GATEWAY/affinity/cart").contains("helm test statecraft -n shop");
  }

  @Test
  void nodePortIsLookedUp() {
    assertThat(Rendering.ofDefaults().set(Map.of("gateway.service.type", "NodePort")).notes()).contains("nodePort")
        .doesNotContain("port-forward");
  }

  @Test
  void disabledTiersAreNotNamed() {
    assertThat(
        Rendering.ofDefaults().set(Map.of("strategies.affinity.enabled", false, "stateless.enabled", false)).notes())
        .contains("/redis").contains("$GATEWAY/redis/cart").doesNotContain("/affinity").doesNotContain("/stateless");
  }
}
