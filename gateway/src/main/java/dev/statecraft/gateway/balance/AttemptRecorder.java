package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.health.FailureCause;
import dev.statecraft.gateway.resilience.AttemptFailure;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * Updates each node's load and health from the attempts made on it. The client response of a completed attempt is its
 * HTTP status; the throwable of a failed one is an {@link AttemptFailure}. Thread-safe.
 */
public final class AttemptRecorder implements LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> {
  private static final int MIN_SERVER_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int VERSION_NOT_SUPPORTED = 505;
  /** A failure counts as at least this response time, so that a node that fails at once does not look fast. */
  private static final long MIN_FAILURE_NANOS = 1_000_000_000;

  private final LongSupplier nanoTime;

  public AttemptRecorder(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public void onStart(Request<RoutingContext> request) {}

  @Override
  public void onStartRequest(Request<RoutingContext> request, Response<ServiceInstance> response) {
    if (response.getServer() instanceof Node node) {
      node.requestStarted();
    }
  }

  @Override
  public void onComplete(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
    Response<ServiceInstance> response = completion.getLoadBalancerResponse();
    if (response == null || !(response.getServer() instanceof Node node)) {
      return;
    }
    node.requestEnded();
    switch (completion.status()) {
      case SUCCESS -> recordAnswer(node, completion.getClientResponse(), elapsed(completion));
      case FAILED -> {
        if (completion.getThrowable() instanceof AttemptFailure failure && failure.cause() != null) {
          recordTime(node, Math.max(elapsed(completion), MIN_FAILURE_NANOS));
          node.health().failed(failure.cause());
        }
      }
      case DISCARD -> {
        // The client disconnected, or the pool was full: this says nothing about the node.
      }
    }
  }

  private static long elapsed(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
    RoutingContext context = completion.getLoadBalancerRequest().getContext();
    return context == null ? 0 : Math.max(0, context.answeredAt() - context.attemptStartedAt());
  }

  private void recordTime(Node node, long nanos) {
    node.responseTime().add(nanos, nanoTime.getAsLong());
  }

  private void recordAnswer(Node node, @Nullable Integer status, long nanos) {
    if (status != null && status >= MIN_SERVER_ERROR && status != NOT_IMPLEMENTED && status != VERSION_NOT_SUPPORTED) {
      recordTime(node, Math.max(nanos, MIN_FAILURE_NANOS));
      node.health().failed(FailureCause.ERRORS);
    } else {
      recordTime(node, nanos);
      node.health().succeeded();
    }
  }
}
