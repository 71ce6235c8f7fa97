package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.health.Cause;
import dev.statecraft.gateway.resilience.AttemptFailure;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * Keeps each node's load and health by the attempts made on it. The client response of a completed attempt is its HTTP
 * status; the throwable of a failed one is an {@link AttemptFailure}. Thread-safe.
 */
public final class AttemptRecorder implements LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> {
  private static final int FIRST_SERVER_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int VERSION_NOT_SUPPORTED = 505;
  /** Failing at once must not make a node look fast. */
  private static final long FAILURE_COUNTS_AS_NANOS = 1_000_000_000;

  private final LongSupplier nanoTime;

  public AttemptRecorder(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public void onStart(Request<RoutingContext> request) {}

  @Override
  public void onStartRequest(Request<RoutingContext> request, Response<ServiceInstance> response) {
    if (response.getServer() instanceof Node node) {
      node.started();
    }
  }

  @Override
  public void onComplete(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
    Response<ServiceInstance> response = completion.getLoadBalancerResponse();
    if (response == null || !(response.getServer() instanceof Node node)) {
      return;
    }
    node.ended();
    switch (completion.status()) {
      case SUCCESS -> answered(node, completion.getClientResponse(), elapsed(completion));
      case FAILED -> {
        if (completion.getThrowable() instanceof AttemptFailure failure && failure.cause() != null) {
          measured(node, Math.max(elapsed(completion), FAILURE_COUNTS_AS_NANOS));
          node.health().failed(failure.cause());
        }
      }
      case DISCARD -> {
        // The client left, or the pool was full: nothing was learned of the node.
      }
    }
  }

  private static long elapsed(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
    RoutingContext facts = completion.getLoadBalancerRequest().getContext();
    return facts == null ? 0 : Math.max(0, facts.answeredAt() - facts.attemptStartedAt());
  }

  private void measured(Node node, long nanos) {
    node.responseTime().add(nanos, nanoTime.getAsLong());
  }

  private void answered(Node node, @Nullable Integer status, long nanos) {
    if (status != null && status >= FIRST_SERVER_ERROR && status != NOT_IMPLEMENTED
        && status != VERSION_NOT_SUPPORTED) {
      measured(node, Math.max(nanos, FAILURE_COUNTS_AS_NANOS));
      node.health().failed(Cause.ERRORS);
    } else {
      measured(node, nanos);
      node.health().succeeded();
    }
  }
}
