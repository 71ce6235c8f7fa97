package dev.statecraft.gateway.route;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.health.HealthListener;
import dev.statecraft.gateway.health.NodeStatus;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.ServiceGuard;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * What an operator can read of the gateway at {@code /actuator/prometheus}; all names begin with
 * {@code statecraft.gateway}. Thread-safe.
 *
 * <ul>
 * <li>{@code attempts}: time to the end of each attempt, by route, node and outcome ({@code 2xx} to {@code 5xx}, a
 * failure, or {@code cancelled})
 * <li>{@code retries}: attempts after the first, by route and by the failure that they follow
 * <li>{@code refusals}: requests that no node saw, by route and reason ({@code rate-limit}, {@code bulkhead},
 * {@code circuit})
 * <li>{@code circuit.open}: 1 while the service's circuit is open; {@code requests.underway}: requests of a route
 * <li>{@code ejections}: nodes that went out, by route, node and cause
 * <li>{@code admissions}: nodes that came in, by route and node
 * <li>{@code node.available}: 1 while the node takes requests; {@code node.inflight}: requests that are at it now</ul>
 */
final class GatewayMetrics {
  private static final String NAME = "statecraft.gateway.";

  private record NodeName(String route, String node) {}

  private final MeterRegistry registry;
  private final Map<NodeName, Node> watched = new ConcurrentHashMap<>();

  GatewayMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts a node's ways out and in. */
  HealthListener healthListener(String route, String node) {
    return (from, to, cause) -> {
      if (to == NodeStatus.AVAILABLE) {
        registry.counter(NAME + "admissions", "route", route, "node", node).increment();
      } else if (cause != null && from == NodeStatus.AVAILABLE) {
        registry.counter(NAME + "ejections", "route", route, "node", node, "cause", cause.label()).increment();
      }
    };
  }

  /** Shows a node's state; one of the same name takes the place of another. */
  void watch(String route, Node node) {
    NodeName name = new NodeName(route, node.name());
    if (watched.put(name, node) == null) {
      gauge(NAME + "node.available", name, it -> it.health().status() == NodeStatus.AVAILABLE ? 1 : 0);
      gauge(NAME + "node.inflight", name, Node::inFlight);
    }
  }

  /** Shows a node no more, unless another of its name has come. */
  void forget(String route, Node node) {
    NodeName name = new NodeName(route, node.name());
    if (watched.remove(name, node)) {
      for (String gauge : List.of(NAME + "node.available", NAME + "node.inflight")) {
        registry.find(gauge).tags("route", route, "node", node.name()).meters().forEach(registry::remove);
      }
    }
  }

  private void gauge(String gauge, NodeName name, ToDoubleFunction<Node> value) {
    Gauge.builder(gauge, () -> {
      Node node = watched.get(name);
      return node == null ? 0 : value.applyAsDouble(node);
    }).tags("route", name.route(), "node", name.node()).register(registry);
  }

  /** Shows whether the service's circuit is open, and how many requests are under way. */
  void watch(String route, ServiceGuard guard) {
    Gauge.builder(NAME + "circuit.open", guard, it -> it.circuit().equals("OPEN") ? 1 : 0).tag("route", route)
        .register(registry);
    Gauge.builder(NAME + "requests.underway", guard, ServiceGuard::underWay).tag("route", route).register(registry);
  }

  void refused(String route, String reason) {
    registry.counter(NAME + "refusals", "route", route, "reason", reason).increment();
  }

  void retried(String route, AttemptFailure.Kind after) {
    registry.counter(NAME + "retries", "route", route, "after", label(after)).increment();
  }

  /** Times each attempt of a route. */
  LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> attempts(String route) {
    return new AttemptTimer(route);
  }

  private static String label(AttemptFailure.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private final class AttemptTimer implements LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> {
    private record Key(String node, String outcome) {}

    private final String route;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    AttemptTimer(String route) {
      this.route = route;
    }

    @Override
    public void onStart(Request<RoutingContext> request) {}

    @Override
    public void onStartRequest(Request<RoutingContext> request, Response<ServiceInstance> response) {}

    @Override
    public void onComplete(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
      Response<ServiceInstance> response = completion.getLoadBalancerResponse();
      RoutingContext facts = completion.getLoadBalancerRequest().getContext();
      if (response != null && response.getServer() instanceof Node node && facts != null) {
        timers.computeIfAbsent(new Key(node.name(), outcome(completion)), this::timer)
            .record(System.nanoTime() - facts.attemptStartedAt(), TimeUnit.NANOSECONDS);
      }
    }

    private Timer timer(Key key) {
      return Timer.builder(NAME + "attempts").tags("route", route, "node", key.node(), "outcome", key.outcome())
          .distributionStatisticExpiry(Duration.ofMinutes(1)).register(registry);
    }

    private static String outcome(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
      return switch (completion.status()) {
        case SUCCESS -> Objects.requireNonNullElse(completion.getClientResponse(), 0) / 100 + "xx";
        case FAILED -> completion.getThrowable() instanceof AttemptFailure failure ? label(failure.kind()) : "failed";
        case DISCARD -> "cancelled";
      };
    }
  }
}
