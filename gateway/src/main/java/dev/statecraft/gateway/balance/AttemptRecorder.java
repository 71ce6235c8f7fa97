package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.health.FailureCause;
import dev.statecraft.gateway.health.OutlierDetector;
import dev.statecraft.gateway.health.OutlierRule;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import java.time.Duration;
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
  private static final int UNAVAILABLE = 503;
  private static final int VERSION_NOT_SUPPORTED = 505;
  /** How long a good answer of another node is a proof for the share of failures. */
  private static final long PROOF_NANOS = Duration.ofSeconds(10).toNanos();
  /** A failure counts as at least this response time, so that a node that fails at once does not look fast. */
  private static final long MIN_FAILURE_NANOS = 1_000_000_000;

  private final Supplier<List<Node>> nodes;
  private final LongSupplier nanoTime;
  private final OutlierDetector outliers;

  /**
   * Makes a recorder.
   *
   * @param nodes all nodes of the route
   */
  public AttemptRecorder(String route, OutlierRule outlierRule, Supplier<List<Node>> nodes, LongSupplier nanoTime) {
    this.nodes = nodes;
    this.nanoTime = nanoTime;
    this.outliers = new OutlierDetector(route, outlierRule, nodes, nanoTime);
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
    record(context, node, status);
    outliers.check();
  }

  private void record(RoutingContext context, Node node, int status) {
    long nanos = elapsed(context);
    context.headReceived();
    node.circuit().answered(nanos);
    if (status == UNAVAILABLE) {
      node.limit().dropped(context.attemptStartedAt(), nanos);
    } else if (status >= MIN_SERVER_ERROR) {
      // An error says nothing about the load.
      node.limit().released();
    } else {
      node.limit().answered(context.attemptStartedAt(), nanos);
    }
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
        if (!failed.proven()) {
          failed.node().health().proveOutcome(context.clientHash());
        }
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
      case FAILED -> {
        failed(context, node, completion.getThrowable());
        outliers.check();
      }
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
    boolean counts = fail(context, node, cause);
    if (!context.isHeadReceived()) {
      // The only errors among failed attempts are answers of 503.
      if (cause == FailureCause.ERRORS || (cause == FailureCause.TIME_OUT && counts)) {
        node.limit().dropped(context.attemptStartedAt(), nanos);
      } else {
        node.limit().released();
      }
    }
    if (cause == FailureCause.ERRORS) {
      node.circuit().answered(nanos);
    } else if (counts) {
      node.circuit().failed(nanos, throwable);
    } else if (!context.isHeadReceived()) {
      node.circuit().released();
    }
  }

  private static void release(RoutingContext context, Node node) {
    if (!context.isHeadReceived()) {
      node.circuit().released();
      node.limit().released();
    }
  }

  /** Returns whether the failure counts against the node. */
  private boolean fail(RoutingContext context, Node node, FailureCause cause) {
    boolean counts = node.health().failed(cause, context.clientHash());
    boolean provable = cause != FailureCause.TIME_OUT;
    if (!counts && provable && isAnsweredElsewhere(context, node, node.health().failingSince())) {
      node.health().proveFailure();
      counts = true;
    }
    // Good answers between the failures are no objection here: the share of failures is what is compared.
    boolean proven = provable && isAnsweredElsewhere(context, node, nanoTime.getAsLong() - PROOF_NANOS);
    if (proven) {
      node.health().proveOutcome(context.clientHash());
    }
    context.addFailed(new RoutingContext.FailedAttempt(node, cause, elapsed(context), counts, proven));
    return counts;
  }

  private boolean isAnsweredElsewhere(RoutingContext context, Node node, long since) {
    int request = context.requestHash();
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
