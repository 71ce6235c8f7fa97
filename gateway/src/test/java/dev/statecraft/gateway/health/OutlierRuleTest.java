package dev.statecraft.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OutlierRuleTest {
  private static final OutlierRule RULE = new OutlierRule(Duration.ofSeconds(5), 2, 50, 0.1, 3, 0.5,
      Duration.ofSeconds(10));

  @Test
  void findsNodeThatFailsOneRequestInFive() {
    assertThat(RULE.outliers(List.of(new Outcomes(100, 0), new Outcomes(80, 20), new Outcomes(99, 1))))
        .containsExactly(1);
  }

  @Test
  void findsBothOutliersTheWorseFirst() {
    assertThat(RULE.outliers(List.of(new Outcomes(400, 100), new Outcomes(500, 0), new Outcomes(300, 200),
        new Outcomes(500, 0), new Outcomes(500, 0)))).containsExactly(2, 0);
  }

  @Test
  void offFindsNothing() {
    assertThat(OutlierRule.OFF.outliers(List.of(new Outcomes(100, 0), new Outcomes(0, 100)))).isEmpty();
  }

  @Property
  void nodesThatFailAlikeAreNoOutliers(@ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(max = 1_000) int good, @ForAll @IntRange(max = 1_000) int failed) {
    assertThat(RULE.outliers(Collections.nCopies(nodes, new Outcomes(good, failed)))).isEmpty();
  }

  @Property
  void outlierHasEnoughRequestsAndFailsMoreThanOthers(@ForAll("pools") List<Outcomes> pool) {
    Outcomes judged = pool.stream().filter(node -> node.total() >= 50).reduce(new Outcomes(0, 0), Outcomes::plus);
    for (int index : RULE.outliers(pool)) {
      Outcomes node = pool.get(index);
      assertThat(node.total()).isGreaterThanOrEqualTo(50);
      assertThat(node.failedShare()).isGreaterThanOrEqualTo(0.1).isGreaterThan(judged.minus(node).failedShare());
    }
  }

  @Property
  void moreFailuresNeverSaveAnOutlier(@ForAll("pools") List<Outcomes> pool, @ForAll @IntRange(max = 500) int more) {
    for (int index : RULE.outliers(pool)) {
      List<Outcomes> worse = new ArrayList<>(pool);
      Outcomes node = pool.get(index);
      worse.set(index, new Outcomes(node.good(), node.failed() + more));
      assertThat(RULE.outliers(worse)).contains(index);
    }
  }

  @Property
  void orderOfNodesDoesNotMatter(@ForAll("pools") List<Outcomes> pool, @ForAll long seed) {
    List<Outcomes> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(RULE.outliers(shuffled).stream().map(shuffled::get))
        .containsExactlyInAnyOrderElementsOf(RULE.outliers(pool).stream().map(pool::get).toList());
  }

  @Provide
  Arbitrary<List<Outcomes>> pools() {
    Arbitrary<Outcomes> node = Combinators
        .combine(Arbitraries.longs().between(0, 1_000), Arbitraries.longs().between(0, 300)).as(Outcomes::new);
    return node.list().ofMinSize(1).ofMaxSize(8);
  }
}
