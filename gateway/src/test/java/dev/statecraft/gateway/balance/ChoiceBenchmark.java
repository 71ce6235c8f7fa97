package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Measures the cost of a choice by rule, number of nodes and number of concurrent threads. Not part of the build; run
 * it with {@code mvn -q -pl gateway -am test -Dtest=ChoiceBenchmark -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ChoiceBenchmark {
  private static final int CHOICES = 2_000_000;
  private static final int ROUNDS = 5;

  private final AtomicLong sink = new AtomicLong();

  @Test
  void printCostOfChoice() throws InterruptedException {
    System.out.printf("%-22s %6s %8s %12s%n", "rule", "nodes", "threads", "ns/choice");
    for (BalancingAlgorithm balance : BalancingAlgorithm.values()) {
      for (int nodes : List.of(4, 64)) {
        for (int threads : List.of(1, 2)) {
          BalancingRule rule = balance.rule(HashKey.parse("client-address"), System::nanoTime);
          List<Node> candidates = TestNodes.available(nodes);
          IntStream.range(0, nodes)
              .forEach(i -> candidates.get(i).responseTime().add(1_000_000L + i, System.nanoTime()));
          double best = Double.MAX_VALUE;
          for (int round = 0; round < ROUNDS; round++) {
            best = Math.min(best, measure(rule, candidates, threads));
          }
          System.out.printf("%-22s %6d %8d %12.1f%n", balance, nodes, threads, best);
        }
      }
    }
  }

  private double measure(BalancingRule rule, List<Node> candidates, int threads) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(threads);
    long start = System.nanoTime();
    for (int thread = 0; thread < threads; thread++) {
      Thread.ofPlatform().start(() -> {
        RoutingContext context = TestNodes.request("192.168.100.200", "/cart/items?page=7");
        long sum = 0;
        for (int i = 0; i < CHOICES; i++) {
          sum += rule.choose(candidates, context).seed();
        }
        sink.addAndGet(sum);
        done.countDown();
      });
    }
    done.await();
    return (System.nanoTime() - start) / (double) CHOICES;
  }
}
