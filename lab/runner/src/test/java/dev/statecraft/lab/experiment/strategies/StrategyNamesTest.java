package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.console.InvalidInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StrategyNamesTest {
  @Test
  void comparesNoPeerUnlessNamed() {
    assertThat(StrategyNames.parse(List.of())).extracting(SessionStrategy::id)
        .containsExactly("affinity", "redis", "replicated", "cookie");
    assertThat(StrategyNames.parse(List.of("jdbc", "redis")))
        .containsExactly(SessionStrategy.JDBC, SessionStrategy.REDIS);
  }

  @Test
  void unknownNameListsPeersToo() {
    assertThatThrownBy(() -> StrategyNames.parse(List.of("memcached"))).isInstanceOf(InvalidInput.class)
        .hasMessageContaining("spring-redis, jdbc, hazelcast, infinispan");
  }

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.checker.guarantee.SessionStrategy#all")
  void everyStrategyHasGuaranteeText(SessionStrategy strategy) {
    GuaranteeText text = GuaranteeText.of(strategy, Reads.SESSION, Writes.LAST_WRITE_WINS);

    assertThat(text.guarantee()).isNotBlank();
    assertThat(text.anomaly()).isNotBlank();
  }

  @Test
  void launcherBuildsEveryPeer() throws Exception {
    Path root = Path.of("..", "..");
    String launcher = Files.readString(root.resolve("statecraft"));
    String names = launcher.split("case \\$name in ", 2)[1].split("\\)", 2)[0];
    List<String> peers = SessionStrategy.all().stream().filter(SessionStrategy::isPeer).map(SessionStrategy::id)
        .toList();

    assertThat(names.split(" \\| ", -1)).containsExactlyElementsOf(peers);
    assertThat(peers).allMatch(peer -> Files.exists(root.resolve("session-peers").resolve(peer).resolve("pom.xml")));
  }
}
