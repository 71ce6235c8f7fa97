package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.channel.NodeChannels;
import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.health.EjectionQuota;
import dev.statecraft.gateway.health.HealthListener;
import dev.statecraft.gateway.health.NodeHealth;
import dev.statecraft.gateway.health.ProbeResult;
import dev.statecraft.gateway.health.SlowStart;
import dev.statecraft.gateway.resilience.AdaptiveLimit;
import dev.statecraft.gateway.resilience.ConnectionPermits;
import dev.statecraft.gateway.resilience.NodeCircuit;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.springframework.cloud.client.ServiceInstance;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

/** Makes nodes that are never connected to. */
final class TestNodes {
  private static final Node.Connections NONE = new Node.Connections(HttpClient::create, HttpClient::create,
      HttpClient::create, Schedulers.parallel(), NodeChannels.NONE, () -> {});
  private static final NodeCircuit.Limits CIRCUIT = new NodeCircuit.Limits(50, 20, Duration.ofHours(1));

  private TestNodes() {}

  static ServiceInstance member(String name, int weight) {
    return Member.of("shop", name, URI.create("http://127.0.0.1:1"), Map.of(Member.WEIGHT, Integer.toString(weight)));
  }

  static Node node(ServiceInstance member, EjectionQuota quota, HealthListener listener, LongSupplier clock,
      SlowStart slowStart) {
    return node(member, new NodeHealth(quota, clock, listener, slowStart, Duration.ofSeconds(10)),
        new NodeCircuit("test", CIRCUIT));
  }

  static Node node(ServiceInstance member, NodeHealth health, NodeCircuit circuit) {
    return new Node(member, health, circuit, new ConnectionPermits(10, 10, Schedulers.parallel()),
        new AdaptiveLimit(AdaptiveLimit.Bounds.OFF), NONE);
  }

  static Node available(String name, int weight) {
    EjectionQuota quota = new EjectionQuota();
    quota.poolSize(100);
    Node node = node(member(name, weight), quota, change -> {}, System::nanoTime, SlowStart.NONE);
    node.health().probed(ProbeResult.READY);
    return node;
  }

  static List<Node> available(int count) {
    return IntStream.range(0, count).mapToObj(i -> available("node-" + i, 1)).toList();
  }

  static RoutingContext request(String client, String target) {
    return new RoutingContext("GET", target, client, client, name -> null);
  }

  static RoutingContext from(String client) {
    return request(client, "/");
  }
}
