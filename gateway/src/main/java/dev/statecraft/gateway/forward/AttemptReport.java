package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.trace.AttemptSpan;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.CompletionContext.Status;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * Tells the lifecycles of a route the start of an attempt, and its end once: by answer, failure or cancellation,
 * whichever is first. At the end it ends the span of the attempt and gives its permit back. Thread-safe.
 */
final class AttemptReport {
  private final ServedRoute route;
  private final Node node;
  private final Request<RoutingContext> request;
  private final Response<ServiceInstance> chosen;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable Lease permit;
  private volatile AttemptSpan span = AttemptSpan.NONE;

  AttemptReport(ServedRoute route, Node node, Request<RoutingContext> request) {
    this.route = route;
    this.node = node;
    this.request = request;
    this.chosen = new DefaultResponse(node);
  }

  Node node() {
    return node;
  }

  void start() {
    for (LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> lifecycle : route.lifecycles()) {
      lifecycle.onStartRequest(request, chosen);
    }
  }

  /** Sets the span, which ends when the attempt ends. */
  void trace(AttemptSpan started) {
    span = started;
  }

  AttemptSpan span() {
    return span;
  }

  /** Sets the permit, which is given back when the attempt ends. */
  void permit(Lease acquired) {
    permit = acquired;
    if (ended.get()) {
      acquired.giveBack();
    }
  }

  boolean isEnded() {
    return ended.get();
  }

  /** Gives the permit back before the attempt ends. */
  void releasePermit() {
    Lease held = permit;
    if (held != null) {
      held.giveBack();
    }
  }

  /** Records that the answer is passed on to the client: its head, and the whole body if that is short. */
  void passedOn(RoutingContext context, int status) {
    route.recorder().answered(context, node, status);
  }

  /** Returns false if the attempt had ended before, as the other ends do. */
  boolean succeeded(int status) {
    if (!end()) {
      return false;
    }
    complete(new CompletionContext<>(Status.SUCCESS, request, chosen, status));
    span.answered(status);
    return true;
  }

  /**
   * Records that the attempt failed.
   *
   * @param status of the answer; 0 without one
   */
  boolean failed(AttemptFailure failure, int status) {
    if (!end()) {
      return false;
    }
    complete(new CompletionContext<>(Status.FAILED, failure, request, chosen));
    span.failed(failure, status);
    return true;
  }

  /** Records that the client disconnected. */
  boolean cancelled() {
    if (!end()) {
      return false;
    }
    complete(new CompletionContext<>(Status.DISCARD, request, chosen));
    span.cancelled();
    return true;
  }

  private boolean end() {
    boolean first = ended.compareAndSet(false, true);
    releasePermit();
    return first;
  }

  private void complete(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
    for (LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance> lifecycle : route.lifecycles()) {
      lifecycle.onComplete(completion);
    }
  }
}
