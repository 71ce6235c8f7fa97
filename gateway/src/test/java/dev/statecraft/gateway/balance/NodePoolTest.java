package dev.statecraft.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.health.Cause;
import dev.statecraft.gateway.health.ProbeAnswer;
import dev.statecraft.gateway.health.SlowStart;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class NodePoolTest {
  private static final Duration SLOW_START = Duration.ofSeconds(10);

  private final AtomicLong clock = new AtomicLong(1);
  private final Sinks.Many<List<ServiceInstance>> discovery = Sinks.many().multicast().directBestEffort();
  private final NodePool pool = new NodePool(new ServiceInstanceListSupplier() {
    @Override
    public String getServiceId() {
      return "shop";
    }

    @Override
    public Flux<List<ServiceInstance>> get() {
      return discovery.asFlux();
    }
  }, (member, quota, listener, late) -> Nodes.node(member, quota, listener, clock::get,
      new SlowStart(SLOW_START, late)));

  @Test
  void nodesThatStayKeepWhatIsKnownOfThem() {
    names("a", "b");
    ready("a", "b");
    Node a = node("a");
    names("b", "a", "c");
    assertThat(node("a")).isSameAs(a);
    assertThat(candidates()).containsExactly("b", "a");
    names("b");
    assertThat(candidates()).containsExactly("b");
  }

  @Test
  void nodeOfTheSameNameElsewhereIsAnotherNode() {
    names("a");
    Node before = node("a");
    discovery.tryEmitNext(
        List.of(new Member("shop", "a", java.net.URI.create("http://127.0.0.1:2"), Map.of()))).orThrow();
    assertThat(node("a")).isNotSameAs(before);
    assertThat(node("a").getPort()).isEqualTo(2);
  }

  @Test
  void newcomerTakesNothingUntilItIsReady() {
    names("a", "b");
    ready("a", "b");
    names("a", "b", "c");
    assertThat(candidates()).containsExactly("a", "b");
    ready("c");
    assertThat(candidates()).containsExactly("a", "b", "c");
  }

  @Test
  void whenTooFewAreLeftThoseThatAnswerBadlyAreUsedAgain() {
    names("a", "b", "c");
    ready("a", "b", "c");
    for (int i = 0; i < 5; i++) {
      node("a").health().failed(Cause.ERRORS);
    }
    assertThat(candidates()).containsExactly("b", "c");
    node("b").health().probed(ProbeAnswer.NOT_READY);
    assertThat(candidates()).containsExactlyInAnyOrder("c", "a");
  }

  @Test
  void whenTooFewAreLeftThoseThatRefuseStayOut() {
    names("a", "b", "c");
    ready("a", "b", "c");
    node("a").health().failed(Cause.REFUSED);
    node("b").health().probed(ProbeAnswer.NOT_READY);
    assertThat(candidates()).containsExactly("c");
  }

  @Test
  void whenNoneIsLeftAnyIsTried() {
    names("a", "b");
    assertThat(candidates()).containsExactly("a", "b");
    node("a").health().probed(ProbeAnswer.REFUSED);
    assertThat(candidates()).containsExactly("b");
    node("b").health().probed(ProbeAnswer.REFUSED);
    assertThat(candidates()).containsExactly("a", "b");
  }

  @Test
  void nodeThatJoinsTakesATenthOfItsShareAtFirstAndAllOfItLater() {
    names("a");
    ready("a");
    names("a", "b");
    ready("b");
    assertThat(shareOf("b")).isBetween(0.02, 0.09);
    clock.addAndGet(SLOW_START.toNanos() / 2);
    assertThat(shareOf("b")).isBetween(0.2, 0.3);
    clock.addAndGet(SLOW_START.toNanos() / 2);
    assertThat(shareOf("b")).isEqualTo(0.5);
  }

  @Test
  void nodeThatFailsWhileItLeavesHoldsUpNobody() throws Exception {
    names("a", "b", "c");
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService others = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    try {
      Future<?> failing = others.submit(() -> {
        while (!over.get()) {
          pool.nodes().forEach(node -> {
            node.health().probed(ProbeAnswer.READY);
            node.health().probed(ProbeAnswer.REFUSED);
          });
        }
      });
      Future<?> leaving = others.submit(() -> {
        for (int i = 0; i < 5_000; i++) {
          names("a", "b");
          names("b", "c");
        }
        over.set(true);
      });
      leaving.get(30, TimeUnit.SECONDS);
      failing.get(30, TimeUnit.SECONDS);
    } finally {
      others.shutdownNow();
    }
    assertThat(pool.nodes()).extracting(Node::name).containsExactly("b", "c");
  }

  @Test
  void triedNodesAreNotChosenAgain() {
    names("a", "b");
    ready("a", "b");
    RoutingContext facts = Nodes.from("10.0.0.1");
    facts.addTried(node("a"), 0);
    NodeBalancer balancer = new NodeBalancer(pool, new RoundRobin(), CandidateFilter.ALL);
    for (int i = 0; i < 4; i++) {
      assertThat(chosen(balancer, facts)).isEqualTo("b");
    }
    facts.addTried(node("b"), 0);
    assertThat(chosen(balancer, facts)).isEqualTo("nobody");
  }

  private double shareOf(String name) {
    NodeBalancer balancer = new NodeBalancer(pool, new RoundRobin(), CandidateFilter.ALL);
    int hits = 0;
    int requests = 2_000;
    for (int i = 0; i < requests; i++) {
      hits += chosen(balancer, Nodes.from("10.0.0.1")).equals(name) ? 1 : 0;
    }
    return hits / (double) requests;
  }

  private static String chosen(NodeBalancer balancer, RoutingContext facts) {
    return balancer.choose(new DefaultRequest<>(facts)).blockOptional().map(response -> response.getServer())
        .map(server -> String.valueOf(server.getInstanceId())).orElse("nobody");
  }

  private void names(String... names) {
    discovery.tryEmitNext(Stream.of(names).<ServiceInstance>map(name -> Nodes.member(name, 1)).toList()).orThrow();
  }

  private void ready(String... names) {
    for (String name : names) {
      node(name).health().probed(ProbeAnswer.READY);
    }
  }

  private Node node(String name) {
    return pool.nodes().stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  private List<String> candidates() {
    return pool.candidates().stream().map(Node::name).toList();
  }
}
