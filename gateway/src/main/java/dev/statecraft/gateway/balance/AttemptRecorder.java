package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.health.FailureCause;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * Updates each node's load, health and circuit from the attempts made on it. The client response of a completed attempt
 * is its HTTP status; the throwable of a failed one is an {@link AttemptFailure}. Thread-safe.
 *
 * <p>A node's failure counts against it only if it cannot be the fault of one client. The proof is the same request,
 * answered well by another node: a retry, or an equal request of the same client since the failures began. A time-out
 * is proven by a retry alone, which was answered in less time.
 */
public final class AttemptRecorder implements LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> {
  private static final int MIN_SERVER_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int VERSION_NOT_SUPPORTED = 505;
  /** A failure counts as at least this response time, so that a node that fails at once does not look fast. */
  private static final long MIN_FAILURE_NANOS = 1_000_000_000;

  private final Supplier<List<Node>> nodes;
  private final LongSupplier nanoTime;

  /**
   * Makes a recorder.
   *
   * @param nodes all nodes of the route
   */
  public AttemptRecorder(Supplier<List<Node>> nodes, LongSupplier nanoTime) {
    this.nodes = nodes;
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

  /**
   * Records that the node sent the head of an answer, which is passed on. The attempt goes on until the answer is
   * complete.
   */
  public void answered(RoutingContext context, Node node, int status) {
    long nanos = elapsed(context);
    context.headReceived();
    node.circuit().answered(nanos);
    if (status >= MIN_SERVER_ERROR && status != NOT_IMPLEMENTED && status != VERSION_NOT_SUPPORTED) {
      recordTime(node, Math.max(nanos, MIN_FAILURE_NANOS));
      fail(context, node, FailureCause.ERRORS);
      return;
    }
    recordTime(node, nanos);
    node.health().succeeded();
    node.answered(context.requestHash(), nanoTime.getAsLong());
    for (RoutingContext.FailedAttempt failed : context.failedAttempts()) {
      if (failed.node() != node && (failed.cause() != FailureCause.TIME_OUT || nanos < failed.nanos())) {
        failed.node().health().proveFailure();
        if (!failed.counted() && failed.cause() != FailureCause.ERRORS) {
          failed.node().circuit().failed(failed.nanos(), AttemptFailure.of(Kind.BROKEN));
        }
      }
    }
  }

  @Override
  public void onComplete(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
    Response<ServiceInstance> response = completion.getLoadBalancerResponse();
    RoutingContext context = completion.getLoadBalancerRequest().getContext();
    if (response == null || !(response.getServer() instanceof Node node) || context == null) {
      return;
    }
    node.requestEnded();
    switch (completion.status()) {
      case SUCCESS -> {
        // Recorded when the answer began.
      }
      case FAILED -> failed(context, node, completion.getThrowable());
      case DISCARD -> release(context, node);
    }
  }

  private void failed(RoutingContext context, Node node, @Nullable Throwable throwable) {
    FailureCause cause = throwable instanceof AttemptFailure failure ? failure.cause() : null;
    if (throwable == null || cause == null) {
      release(context, node);
      return;
    }
    long nanos = elapsed(context);
    recordTime(node, Math.max(nanos, MIN_FAILURE_NANOS));
    if (cause == FailureCause.ERRORS) {
      node.circuit().answered(nanos);
      fail(context, node, cause);
    } else if (fail(context, node, cause)) {
      node.circuit().failed(nanos, throwable);
    } else {
      release(context, node);
    }
  }

  private static void release(RoutingContext context, Node node) {
    if (!context.isHeadReceived()) {
      node.circuit().released();
    }
  }

  /** Returns whether the failure counts against the node. */
  private boolean fail(RoutingContext context, Node node, FailureCause cause) {
    boolean counts = node.health().failed(cause, context.clientHash());
    if (!counts && cause != FailureCause.TIME_OUT && isAnsweredElsewhere(context, node)) {
      node.health().proveFailure();
      counts = true;
    }
    context.addFailed(new RoutingContext.FailedAttempt(node, cause, elapsed(context), counts));
    return counts;
  }

  private boolean isAnsweredElsewhere(RoutingContext context, Node node) {
    int request = context.requestHash();
    long since = node.health().failingSince();
    for (Node other : nodes.get()) {
      if (other != node && other.hasAnswered(request, since)) {
        return true;
      }
    }
    return false;
  }

  private static long elapsed(RoutingContext context) {
    return Math.max(0, context.answeredAt() - context.attemptStartedAt());
  }

  private void recordTime(Node node, long nanos) {
    node.responseTime().add(nanos, nanoTime.getAsLong());
  }
}
