package dev.statecraft.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.health.FailureCause;
import dev.statecraft.gateway.health.ProbeResult;
import dev.statecraft.gateway.health.SlowStart;
import java.net.URI;
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
  }, (member, quota, listener, joinsOthers) -> TestNodes.node(member, quota, listener, clock::get,
      new SlowStart(SLOW_START, joinsOthers)));

  @Test
  void stayingNodeKeepsItsState() {
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
  void sameNameAtAnotherAddressIsNewNode() {
    names("a");
    Node before = node("a");
    discovery.tryEmitNext(
        List.of(Member.of("shop", "a", URI.create("http://127.0.0.1:2"), Map.of()))).orThrow();
    assertThat(node("a")).isNotSameAs(before);
    assertThat(node("a").getPort()).isEqualTo(2);
  }

  @Test
  void newNodeGetsNoRequestsUntilReady() {
    names("a", "b");
    ready("a", "b");
    names("a", "b", "c");
    assertThat(candidates()).containsExactly("a", "b");
    ready("c");
    assertThat(candidates()).containsExactly("a", "b", "c");
  }

  @Test
  void panicModeUsesNodesEjectedForErrors() {
    names("a", "b", "c");
    ready("a", "b", "c");
    for (int i = 0; i < 5; i++) {
      node("a").health().failed(FailureCause.ERRORS, i);
    }
    assertThat(candidates()).containsExactly("b", "c");
    node("b").health().probed(ProbeResult.NOT_READY);
    assertThat(candidates()).containsExactlyInAnyOrder("c", "a");
  }

  @Test
  void panicModeExcludesNodesThatRefuseConnections() {
    names("a", "b", "c");
    ready("a", "b", "c");
    node("a").health().failed(FailureCause.REFUSED, 1);
    node("b").health().probed(ProbeResult.NOT_READY);
    assertThat(candidates()).containsExactly("c");
  }

  @Test
  void triesAllNodesIfNoneIsAvailable() {
    names("a", "b");
    assertThat(candidates()).containsExactly("a", "b");
    node("a").health().probed(ProbeResult.REFUSED);
    assertThat(candidates()).containsExactly("b");
    node("b").health().probed(ProbeResult.REFUSED);
    assertThat(candidates()).containsExactly("a", "b");
  }

  @Test
  void joiningNodeStartsSlowlyAndReachesFullShare() {
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
  void healthChangesAndLeavingNodesDoNotDeadlock() throws Exception {
    names("a", "b", "c");
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    try {
      Future<?> failing = threads.submit(() -> {
        while (!done.get()) {
          pool.nodes().forEach(node -> {
            node.health().probed(ProbeResult.READY);
            node.health().probed(ProbeResult.REFUSED);
          });
        }
      });
      Future<?> leaving = threads.submit(() -> {
        for (int i = 0; i < 5_000; i++) {
          names("a", "b");
          names("b", "c");
        }
        done.set(true);
      });
      leaving.get(30, TimeUnit.SECONDS);
      failing.get(30, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
    assertThat(pool.nodes()).extracting(Node::name).containsExactly("b", "c");
  }

  @Test
  void doesNotChooseTriedNodesAgain() {
    names("a", "b");
    ready("a", "b");
    RoutingContext context = TestNodes.from("10.0.0.1");
    context.addTried(node("a"), 0);
    NodeBalancer balancer = new NodeBalancer(pool, new RoundRobin(), CandidateFilter.ALL);
    for (int i = 0; i < 4; i++) {
      assertThat(chosen(balancer, context)).isEqualTo("b");
    }
    context.addTried(node("b"), 0);
    assertThat(chosen(balancer, context)).isEqualTo("none");
  }

  private double shareOf(String name) {
    NodeBalancer balancer = new NodeBalancer(pool, new RoundRobin(), CandidateFilter.ALL);
    int hits = 0;
    int requests = 2_000;
    for (int i = 0; i < requests; i++) {
      hits += chosen(balancer, TestNodes.from("10.0.0.1")).equals(name) ? 1 : 0;
    }
    return hits / (double) requests;
  }

  private static String chosen(NodeBalancer balancer, RoutingContext context) {
    return balancer.choose(new DefaultRequest<>(context)).blockOptional().map(response -> response.getServer())
        .map(server -> String.valueOf(server.getInstanceId())).orElse("none");
  }

  private void names(String... names) {
    discovery.tryEmitNext(Stream.of(names).<ServiceInstance>map(name -> TestNodes.member(name, 1)).toList()).orThrow();
  }

  private void ready(String... names) {
    for (String name : names) {
      node(name).health().probed(ProbeResult.READY);
    }
  }

  private Node node(String name) {
    return pool.nodes().stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  private List<String> candidates() {
    return pool.candidates().stream().map(Node::name).toList();
  }
}
