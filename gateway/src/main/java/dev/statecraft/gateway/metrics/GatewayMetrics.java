package dev.statecraft.gateway.metrics;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.NodePool;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.health.FailureCause;
import dev.statecraft.gateway.health.HealthListener;
import dev.statecraft.gateway.health.NodeStatus;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.MemoryBudget;
import dev.statecraft.gateway.resilience.RetryBudget;
import dev.statecraft.gateway.resilience.ServiceBulkhead;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * The metrics of the gateway, exported at {@code /actuator/prometheus}. All names begin with
 * {@code statecraft.gateway}; docs/metrics.md lists them. Counters of a node exist from the start, so that a rate sees
 * their first event, and all series of a node that has left are removed. Thread-safe.
 */
public final class GatewayMetrics {
  private static final String NAME = "statecraft.gateway.";

  private record NodeKey(String route, String node) {}

  private record AttemptKey(String node, String outcome) {}

  private final MeterRegistry registry;
  private final Map<NodeKey, Node> nodes = new ConcurrentHashMap<>();
  private final Map<String, Map<AttemptKey, Timer>> attemptTimers = new ConcurrentHashMap<>();

  public GatewayMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Returns a listener that counts the ejections and admissions of a node. */
  public HealthListener healthListener(String route, String node) {
    NodeKey key = new NodeKey(route, node);
    return change -> {
      if (!nodes.containsKey(key)) {
        // It has left; its counters must not come back.
        return;
      }
      FailureCause cause = change.cause();
      if (change.to() == NodeStatus.AVAILABLE) {
        admissions(key).increment();
      } else if (cause != null && change.from() == NodeStatus.AVAILABLE) {
        ejections(key, cause).increment();
      }
    };
  }

  private Counter admissions(NodeKey key) {
    return registry.counter(NAME + "admissions", "route", key.route(), "node", key.node());
  }

  private Counter ejections(NodeKey key, FailureCause cause) {
    return registry.counter(NAME + "ejections", "route", key.route(), "node", key.node(), "cause", cause.label());
  }

  /** Exports the state of a node. It replaces a node with the same name. */
  public void watch(String route, Node node) {
    NodeKey name = new NodeKey(route, node.name());
    if (nodes.put(name, node) == null) {
      gauge(NAME + "node.available", name, it -> it.health().status() == NodeStatus.AVAILABLE ? 1 : 0);
      gauge(NAME + "node.inflight", name, Node::inFlight);
      gauge(NAME + "node.share", name, it -> it.health().slowStartShare());
      admissions(name);
      for (FailureCause cause : FailureCause.values()) {
        ejections(name, cause);
      }
      gauge(NAME + "node.limit", name, it -> it.limit().current());
      gauge(NAME + "node.circuit.open", name, it -> it.circuit().isOpen() ? 1 : 0);
    }
  }

  /** Removes a node and all its series, unless another node with its name has replaced it. */
  public void unwatch(String route, Node node) {
    if (nodes.remove(new NodeKey(route, node.name()), node)) {
      attemptTimers.getOrDefault(route, Map.of()).keySet().removeIf(key -> key.node().equals(node.name()));
      for (Meter meter : registry.getMeters()) {
        Meter.Id id = meter.getId();
        if (id.getName().startsWith(NAME) && route.equals(id.getTag("route"))
            && node.name().equals(id.getTag("node"))) {
          registry.remove(meter);
        }
      }
    }
  }

  private void gauge(String gauge, NodeKey name, ToDoubleFunction<Node> value) {
    Gauge.builder(gauge, () -> {
      Node node = nodes.get(name);
      return node == null ? 0 : value.applyAsDouble(node);
    }).tags("route", name.route(), "node", name.node()).register(registry);
  }

  /** Exports the state of a route's circuits and the number of its requests in flight. */
  public void watch(String route, ServiceBulkhead bulkhead, NodePool pool) {
    Gauge.builder(NAME + "circuit.open", pool, GatewayMetrics::circuitOpen).tag("route", route).register(registry);
    Gauge.builder(NAME + "requests.underway", bulkhead, ServiceBulkhead::inFlight).tag("route", route)
        .register(registry);
  }

  private static double circuitOpen(NodePool pool) {
    List<Node> candidates = pool.candidates();
    return !candidates.isEmpty() && candidates.stream().allMatch(node -> node.circuit().isOpen()) ? 1 : 0;
  }

  /** Exports what a route's retry budget holds. Returns the budget. */
  public RetryBudget watch(String route, RetryBudget budget) {
    Gauge.builder(NAME + "retry.budget", budget, RetryBudget::available).tag("route", route)
        .description("Retries that the budget allows now").register(registry);
    FunctionCounter.builder(NAME + "retries.denied", budget, RetryBudget::denied).tag("route", route)
        .description("Retries that the budget did not allow").register(registry);
    return budget;
  }

  /** Exports the use of the memory for bodies. */
  public void watch(MemoryBudget memory) {
    Gauge.builder(NAME + "client.buffered.bytes", memory, MemoryBudget::used).register(registry);
  }

  /** Exports the number of requests on the fast path. */
  public void watchFastPath(LongAdder taken) {
    FunctionCounter.builder(NAME + "fast.path.requests", taken, LongAdder::sum)
        .description("Requests that took the fast path").register(registry);
  }

  public void countRejected(String route, String reason) {
    registry.counter(NAME + "refusals", "route", route, "reason", reason).increment();
  }

  public void countRetry(String route, AttemptFailure.Kind after) {
    registry.counter(NAME + "retries", "route", route, "after", label(after)).increment();
  }

  /** Counts a request whose affinity cookies could not be verified. */
  public void countUnverifiedAffinity(String route) {
    registry.counter(NAME + "affinity.unverified", "route", route).increment();
  }

  /** Returns a lifecycle that measures each attempt of a route. */
  public LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> attempts(String route) {
    return new AttemptTimer(route);
  }

  private static String label(AttemptFailure.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private final class AttemptTimer implements LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> {
    private final String route;
    private final Map<AttemptKey, Timer> timers;

    AttemptTimer(String route) {
      this.route = route;
      this.timers = attemptTimers.computeIfAbsent(route, unknown -> new ConcurrentHashMap<>());
    }

    @Override
    public void onStart(Request<RoutingContext> request) {}

    @Override
    public void onStartRequest(Request<RoutingContext> request, Response<ServiceInstance> response) {}

    @Override
    public void onComplete(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
      Response<ServiceInstance> response = completion.getLoadBalancerResponse();
      RoutingContext context = completion.getLoadBalancerRequest().getContext();
      // An attempt at a node that has left would bring its series back.
      if (response != null && response.getServer() instanceof Node node && context != null && !node.hasLeft()) {
        timers.computeIfAbsent(new AttemptKey(node.name(), outcome(completion)), this::timer)
            .record(System.nanoTime() - context.attemptStartedAt(), TimeUnit.NANOSECONDS);
      }
    }

    private Timer timer(AttemptKey key) {
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
