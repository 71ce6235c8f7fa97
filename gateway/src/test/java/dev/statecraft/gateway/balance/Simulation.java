package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.health.OutlierRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/** Simulates requests with random arrivals and random response times of each node, on a virtual clock. */
final class Simulation {
  /** The mean response time of a node, and its HTTP status. */
  record Behaviour(double millis, int status) {}

  private record Completion(long at, CompletionContext<Integer, ServiceInstance, RoutingContext> completion,
      RoutingContext context, Node node, int status) {}

  private static final double NANOS_PER_MILLI = 1e6;

  private final Random random = new Random(7);
  private long now = 1_000_000_000;

  long now() {
    return now;
  }

  /** Returns the number of requests that each node received. */
  Map<Node, Integer> run(BalancingRule rule, List<Node> nodes, Map<Node, Behaviour> behaviours, int perSecond,
      int requests) {
    AttemptRecorder recorder = new AttemptRecorder("test", OutlierRule.OFF, () -> nodes, () -> now);
    PriorityQueue<Completion> inFlight = new PriorityQueue<>((left, right) -> Long.compare(left.at(), right.at()));
    Map<Node, Integer> counts = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      long arrival = now + exponential(1000.0 / perSecond);
      for (Completion next = inFlight.peek(); next != null && next.at() <= arrival; next = inFlight.peek()) {
        inFlight.remove();
        now = next.at();
        next.context().answered(now);
        recorder.answered(next.context(), next.node(), next.status());
        recorder.onComplete(next.completion());
      }
      now = arrival;
      RoutingContext context = TestNodes.from("10.0.0." + random.nextInt(250));
      Node node = rule.choose(nodes, context);
      counts.merge(node, 1, Integer::sum);
      context.addTried(node, now);
      Request<RoutingContext> request = new DefaultRequest<>(context);
      Response<ServiceInstance> response = new DefaultResponse(node);
      recorder.onStartRequest(request, response);
      Behaviour behaviour = behaviours.getOrDefault(node, new Behaviour(5, 200));
      inFlight.add(new Completion(now + exponential(behaviour.millis()), new CompletionContext<>(
          CompletionContext.Status.SUCCESS, request, response, behaviour.status()), context, node, behaviour.status()));
    }
    return counts;
  }

  private long exponential(double meanMillis) {
    return (long) (-Math.log(1 - random.nextDouble()) * meanMillis * NANOS_PER_MILLI);
  }
}
