package dev.statecraft.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BalancingRulesTest {
  private static final HashKey KEY = HashKey.parse("client-address");

  @ParameterizedTest
  @EnumSource(BalancingAlgorithm.class)
  void everyRuleUsesAllCandidates(BalancingAlgorithm balance) {
    List<Node> nodes = TestNodes.available(4);
    Map<Node, Integer> counts = new Simulation().run(balance.rule(KEY, System::nanoTime), nodes, Map.of(), 400, 4_000);
    assertThat(nodes).containsAll(counts.keySet());
    if (balance != BalancingAlgorithm.URL_HASH) {
      assertThat(counts.keySet()).hasSize(4);
    }
    assertThat(balance.rule(KEY, System::nanoTime).choose(nodes.subList(2, 3), TestNodes.from("10.0.0.1")))
        .isSameAs(nodes.get(2));
  }

  @ParameterizedTest
  @CsvSource({"LEAST_CONNECTIONS,50", "LEAST_CONNECTIONS,500", "LEAST_CONNECTIONS,5000", "FAIR,50", "FAIR,500",
    "FAIR,5000", "POWER_OF_TWO_CHOICES,50", "POWER_OF_TWO_CHOICES,500", "POWER_OF_TWO_CHOICES,5000"})
  void slowNodeGetsAtMostOneFifthOfItsShare(BalancingAlgorithm balance, int perSecond) {
    List<Node> nodes = TestNodes.available(4);
    Simulation simulation = new Simulation();
    int requests = 20_000;
    Map<Node, Integer> counts = simulation.run(balance.rule(KEY, simulation::now), nodes,
        Map.of(nodes.getFirst(), new Simulation.Behaviour(50, 200)), perSecond, requests);
    assertThat(counts.getOrDefault(nodes.getFirst(), 0)).isLessThanOrEqualTo(requests / 4 / 5);
    assertThat(counts.keySet()).containsAll(nodes.subList(1, 4));
  }

  @Test
  void roundRobinGivesSlowNodeItsFullShare() {
    List<Node> nodes = TestNodes.available(4);
    Map<Node, Integer> counts = new Simulation().run(new RoundRobin(), nodes,
        Map.of(nodes.getFirst(), new Simulation.Behaviour(50, 200)), 500, 4_000);
    assertThat(counts.values()).containsOnly(1_000);
  }

  @ParameterizedTest
  @EnumSource(value = BalancingAlgorithm.class, names = {"FAIR", "POWER_OF_TWO_CHOICES"})
  void fastFailingNodeDoesNotAttractRequests(BalancingAlgorithm balance) {
    List<Node> nodes = TestNodes.available(4);
    Simulation simulation = new Simulation();
    Map<Node, Integer> counts = simulation.run(balance.rule(KEY, simulation::now), nodes,
        Map.of(nodes.getFirst(), new Simulation.Behaviour(0.1, 500)), 500, 10_000);
    assertThat(counts.getOrDefault(nodes.getFirst(), 0)).isLessThanOrEqualTo(10_000 / 4 / 5);
  }

  @Test
  void weightedRoundRobinSpacesTurnsEvenly() {
    List<Node> nodes = List.of(TestNodes.available("a", 6), TestNodes.available("b", 2));
    WeightedRoundRobin rule = new WeightedRoundRobin();
    List<String> turns = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      turns.add(rule.choose(nodes, TestNodes.from("10.0.0.1")).name());
    }
    assertThat(turns).containsExactly("a", "a", "b", "a", "a", "a", "b", "a");
  }

  @Test
  void joiningNodeTakesOverOnlyItsShare() {
    List<Node> four = TestNodes.available(4);
    RendezvousHashing rule = new RendezvousHashing(RoutingContext::clientAddress);
    int moved = 0;
    int keys = 20_000;
    Map<Node, Integer> counts = new HashMap<>();
    for (int i = 0; i < keys; i++) {
      RoutingContext context = TestNodes.from("client-" + i);
      Node before = rule.choose(four.subList(0, 3), context);
      Node after = rule.choose(four, context);
      counts.merge(after, 1, Integer::sum);
      if (!before.equals(after)) {
        assertThat(after).isSameAs(four.get(3));
        moved++;
      }
    }
    assertThat(moved / (double) keys).isBetween(0.22, 0.28);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count / (double) keys).isBetween(0.22, 0.28));
  }

  @Test
  void rendezvousHashingRespectsWeights() {
    List<Node> nodes = List.of(TestNodes.available("a", 3), TestNodes.available("b", 1));
    RendezvousHashing rule = new RendezvousHashing(RoutingContext::clientAddress);
    int heavy = 0;
    for (int i = 0; i < 20_000; i++) {
      heavy += rule.choose(nodes, TestNodes.from("client-" + i)).name().equals("a") ? 1 : 0;
    }
    assertThat(heavy / 20_000.0).isBetween(0.73, 0.77);
  }

  @Test
  void hashingRulesReadTheirKeyFromTheRequest() {
    List<Node> nodes = TestNodes.available(16);
    BalancingRule byUser = BalancingAlgorithm.RENDEZVOUS.rule(HashKey.parse("header:X-User"), System::nanoTime);
    RoutingContext here = new RoutingContext("GET", "/a", "10.0.0.1", "10.0.0.1",
        name -> name.equals("X-User") ? "ada" : null);
    RoutingContext there = new RoutingContext("GET", "/b", "10.9.9.9", "10.9.9.9",
        name -> name.equals("X-User") ? "ada" : null);
    assertThat(byUser.choose(nodes, here)).isSameAs(byUser.choose(nodes, there));
    BalancingRule byUrl = BalancingAlgorithm.URL_HASH.rule(KEY, System::nanoTime);
    assertThat(byUrl.choose(nodes, here))
        .isSameAs(byUrl.choose(nodes, TestNodes.request("10.7.7.7", "/a")));
  }

  @Test
  void responseTimePeaksAtOnceAndDecaysWithoutSamples() {
    ResponseTime time = new ResponseTime();
    long second = 1_000_000_000L;
    time.add(5_000_000, second);
    time.add(50_000_000, second);
    assertThat(time.nanos(second)).isCloseTo(50e6, Percentage.withPercentage(0.1));
    assertThat(time.nanos(6 * second)).isCloseTo(50e6 / Math.E, Percentage.withPercentage(1));
    for (int i = 0; i < 200; i++) {
      time.add(5_000_000, second);
    }
    assertThat(time.nanos(second)).isBetween(5e6, 7e6);
  }
}
