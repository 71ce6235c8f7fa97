package dev.statecraft.gateway.balance;

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

/** Requests that arrive at random and take a time of their own at each node, on a clock that the simulation moves. */
final class Simulation {
  /** How a node behaves: mean time to answer, and with what. */
  record Behaviour(double millis, int status) {}

  private record Ending(long at, CompletionContext<Integer, ServiceInstance, RoutingContext> completion,
      RoutingContext facts) {}

  private static final double NANOS_PER_MILLI = 1e6;

  private final Random random = new Random(7);
  private long now = 1_000_000_000;

  long now() {
    return now;
  }

  /** Returns how many requests went to each node. */
  Map<Node, Integer> run(BalancingRule rule, List<Node> nodes, Map<Node, Behaviour> behaviours, int perSecond,
      int requests) {
    AttemptRecorder recorder = new AttemptRecorder(() -> now);
    PriorityQueue<Ending> underWay = new PriorityQueue<>((left, right) -> Long.compare(left.at(), right.at()));
    Map<Node, Integer> counts = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      long arrival = now + exponential(1000.0 / perSecond);
      for (Ending next = underWay.peek(); next != null && next.at() <= arrival; next = underWay.peek()) {
        underWay.remove();
        now = next.at();
        next.facts().answered(now);
        recorder.onComplete(next.completion());
      }
      now = arrival;
      RoutingContext facts = Nodes.from("10.0.0." + random.nextInt(250));
      Node node = rule.choose(nodes, facts);
      counts.merge(node, 1, Integer::sum);
      facts.addTried(node, now);
      Request<RoutingContext> request = new DefaultRequest<>(facts);
      Response<ServiceInstance> response = new DefaultResponse(node);
      recorder.onStartRequest(request, response);
      Behaviour behaviour = behaviours.getOrDefault(node, new Behaviour(5, 200));
      underWay.add(new Ending(now + exponential(behaviour.millis()), new CompletionContext<>(
          CompletionContext.Status.SUCCESS, request, response, behaviour.status()), facts));
    }
    return counts;
  }

  private long exponential(double meanMillis) {
    return (long) (-Math.log(1 - random.nextDouble()) * meanMillis * NANOS_PER_MILLI);
  }
}
