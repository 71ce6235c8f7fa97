package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
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
        .containsExactly(SessionStrategies.of("jdbc"), SessionStrategies.of("redis"));
  }

  @Test
  void allIncludesPeers() {
    assertThat(StrategyNames.parse(List.of("all"))).containsExactlyElementsOf(SessionStrategies.all())
        .extracting(SessionStrategy::id).contains("cookie", "spring-redis", "jdbc", "hazelcast", "infinispan");
    assertThat(StrategyNames.parse(List.of("jdbc", "all"))).hasSameSizeAs(SessionStrategies.all());
  }

  @Test
  void unknownNameListsPeersToo() {
    assertThatThrownBy(() -> StrategyNames.parse(List.of("memcached"))).isInstanceOf(InvalidInput.class)
        .hasMessageContaining("spring-redis, jdbc, hazelcast, infinispan");
  }

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.strategy.SessionStrategies#all")
  void everyStrategyHasGuaranteeText(SessionStrategy strategy) {
    GuaranteeText text = strategy.guarantee(Reads.SESSION, Writes.LAST_WRITE_WINS);

    assertThat(text.guarantee()).isNotBlank();
    assertThat(text.anomaly()).isNotBlank();
  }

  @Test
  void launcherFindsModuleOfEveryPeer() {
    Path peers = Path.of("..", "..", "session-peers");

    assertThat(SessionStrategies.all()).filteredOn(SessionStrategy::isPeer)
        .filteredOn(peer -> peer.getClass().getName().startsWith("dev.statecraft.")).hasSize(4)
        .allMatch(peer -> Files.exists(peers.resolve(peer.id()).resolve("pom.xml")));
  }

  @Test
  void findsStrategyOfThirdParty() {
    assertThat(StrategyNames.parse(List.of("notes", "redis"))).extracting(SessionStrategy::id)
        .containsExactly("notes", "redis");
    assertThat(StrategyNames.known()).contains("notes");
    assertThatThrownBy(() -> StrategyNames.checkNodes(1, StrategyNames.parse(List.of("notes"))))
        .isInstanceOf(InvalidInput.class).hasMessage("--nodes 1: notes needs at least 2 nodes");
  }
}
