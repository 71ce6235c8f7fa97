package dev.statecraft.gateway.balance;

import java.util.ArrayList;
import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import reactor.core.publisher.Mono;

/**
 * Applies a {@link BalancingRule} to the candidates of a pool that a request has not tried yet. The context of the
 * {@link Request} is its {@link RequestFacts}. Thread-safe.
 */
public final class NodeBalancer implements ReactorServiceInstanceLoadBalancer {
  private final NodePool pool;
  private final BalancingRule rule;

  public NodeBalancer(NodePool pool, BalancingRule rule) {
    this.pool = pool;
    this.rule = rule;
  }

  /** Answers at once; the response is empty when no untried candidate is left. */
  @Override
  @SuppressWarnings("rawtypes")
  public Mono<Response<ServiceInstance>> choose(Request request) {
    if (!(request.getContext() instanceof RequestFacts facts)) {
      throw new IllegalArgumentException("the context of the request must be its RequestFacts");
    }
    List<Node> candidates = untried(facts);
    if (candidates.isEmpty()) {
      return Mono.just(new EmptyResponse());
    }
    return Mono.just(new DefaultResponse(rule.choose(candidates, facts)));
  }

  private List<Node> untried(RequestFacts facts) {
    List<Node> candidates = pool.candidates();
    if (facts.tried().isEmpty()) {
      return candidates;
    }
    List<Node> left = new ArrayList<>(candidates);
    left.removeAll(facts.tried());
    return left;
  }
}
