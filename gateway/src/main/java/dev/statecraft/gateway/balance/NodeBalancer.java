package dev.statecraft.gateway.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import reactor.core.publisher.Mono;

/**
 * Applies a {@link BalancingRule} to the candidates of a pool that a request has not tried yet. The context of the
 * {@link Request} is its {@link RoutingContext}. Thread-safe.
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

  /** Answers at once; the response is empty when no untried candidate is left. */
  @Override
  @SuppressWarnings("rawtypes")
  public Mono<Response<ServiceInstance>> choose(Request request) {
    if (!(request.getContext() instanceof RoutingContext facts)) {
      throw new IllegalArgumentException("the context of the request must be its RequestFacts");
    }
    List<Node> candidates = untried(facts);
    if (candidates.isEmpty()) {
      return Mono.just(new EmptyResponse());
    }
    List<Node> narrowed = filter.narrow(candidates, facts);
    if (narrowed.isEmpty()) {
      narrowed = candidates;
    }
    boolean ease = pool.isWarming() && narrowed.size() > 1 && !rule.keepsKeys();
    return Mono.just(new DefaultResponse(rule.choose(ease ? eased(narrowed) : narrowed, facts)));
  }

  private List<Node> untried(RoutingContext facts) {
    List<Node> candidates = pool.candidates();
    if (!facts.tried().isEmpty()) {
      List<Node> left = new ArrayList<>(candidates);
      left.removeAll(facts.tried());
      return left;
    }
    return candidates;
  }

  /** Leaves out a node that is being eased in, the more often the colder it is, whatever the rule would make of it. */
  private List<Node> eased(List<Node> candidates) {
    List<Node> left = new ArrayList<>(candidates.size());
    boolean allWarm = true;
    for (Node node : candidates) {
      double warmth = node.health().warmth();
      allWarm &= warmth == 1;
      if (warmth == 1 || ThreadLocalRandom.current().nextDouble() < warmth) {
        left.add(node);
      }
    }
    if (allWarm && candidates.size() == pool.candidates().size()) {
      pool.warmed();
    }
    return left.isEmpty() ? candidates : left;
  }
}
