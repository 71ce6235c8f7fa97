package dev.statecraft.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
  @Test
  void medianIsMiddleValueOrMeanOfTwo() {
    assertThat(Results.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Results.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
  }

  @Test
  void ratioComparesRatesOfOneRound() {
    Results results = new Results();
    double[] base = {100, 10, 100};
    double[] own = {200, 15, 150};
    for (int round = 0; round < base.length; round++) {
      for (Workload workload : Workload.values()) {
        results.add(Candidate.SPRING_REDIS, workload, base[round]);
        results.add(Candidate.LAST_WRITE_WINS, workload, own[round]);
        results.add(Candidate.COMPARE_AND_SET, workload, own[round] / 2);
      }
    }

    assertThat(results.ratio(Candidate.LAST_WRITE_WINS, Workload.READS)).isEqualTo(1.5);
    assertThat(results.ratio(Candidate.SPRING_REDIS, Workload.ADDS)).isEqualTo(1);
    assertThat(results.table().lines()).hasSize(1 + Candidate.values().length).last().asString()
        .matches("redis, compare-and-set +75 +0\\.75 +75 +0\\.75");
  }
}
