package dev.statecraft.gateway.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import reactor.core.publisher.Mono;

/**
 * Applies a {@link BalancingRule} to the candidates of a pool that a request has not tried yet. The context of the
 * {@link Request} must be a {@link RoutingContext}. Thread-safe.
 */
public final class NodeBalancer implements ReactorServiceInstanceLoadBalancer {
  private final NodePool pool;
  private final BalancingRule rule;
  private final CandidateFilter filter;

  public NodeBalancer(NodePool pool, BalancingRule rule, CandidateFilter filter) {
    this.pool = pool;
    this.rule = rule;
    this.filter = filter;
  }

  /** Completes at once. The response is empty if no untried candidate is left. */
  @Override
  @SuppressWarnings("rawtypes")
  public Mono<Response<ServiceInstance>> choose(Request request) {
    if (!(request.getContext() instanceof RoutingContext context)) {
      throw new IllegalArgumentException("the context of the request must be a RoutingContext");
    }
    Node node = next(context);
    return Mono.just(node == null ? new EmptyResponse() : new DefaultResponse(node));
  }

  /** Returns the node that the rule chooses for a request, or null if no untried candidate is left. */
  public @Nullable Node next(RoutingContext context) {
    List<Node> candidates = untried(context);
    if (candidates.isEmpty()) {
      return null;
    }
    List<Node> narrowed = filter.narrow(candidates, context);
    if (narrowed.isEmpty()) {
      narrowed = candidates;
    }
    boolean slowStart = pool.hasSlowStart() && narrowed.size() > 1 && !rule.keepsKeys();
    return rule.choose(slowStart ? withSlowStart(narrowed) : narrowed, context);
  }

  private List<Node> untried(RoutingContext context) {
    List<Node> candidates = pool.candidates();
    if (!context.tried().isEmpty()) {
      List<Node> left = new ArrayList<>(candidates);
      left.removeAll(context.tried());
      return left;
    }
    return candidates;
  }

  /** Leaves out a node in slow start with the probability of the share that it should not take yet. */
  private List<Node> withSlowStart(List<Node> candidates) {
    List<Node> left = new ArrayList<>(candidates.size());
    boolean allFull = true;
    for (Node node : candidates) {
      double share = node.health().slowStartShare();
      allFull &= share == 1;
      if (share == 1 || ThreadLocalRandom.current().nextDouble() < share) {
        left.add(node);
      }
    }
    if (allFull && candidates.size() == pool.candidates().size()) {
      pool.slowStartEnded();
    }
    return left.isEmpty() ? candidates : left;
  }
}
