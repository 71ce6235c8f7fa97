package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import dev.statecraft.gateway.resilience.Deadline;
import dev.statecraft.gateway.resilience.RetryRule;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Decides about the attempts of one request: which node is next, how long it has, and what follows from its failure. It
 * moves no bytes. Confined to one request, on whichever event loop it is; not thread-safe.
 */
final class AttemptPlan {
  /** What happens next. */
  sealed interface Step {
    /**
     * The request is sent to a node, whose limit and circuit have admitted the attempt.
     *
     * @param fresh whether on a new connection
     */
    record Send(Node node, boolean fresh) implements Step {}

    /** The client gets this answer. */
    record GiveUp(GatewayProblem problem) implements Step {}
  }

  /**
   * The time that a node has.
   *
   * @param hurried whether it is less than the node may take
   */
  record TimeLimit(Duration given, boolean hurried) {}

  private static final int MAX_ATTEMPTS = 3;
  private static final int SERVICE_UNAVAILABLE = 503;
  /** Time that passes between the admission of a request and the start of its first attempt. */
  private static final Duration TOLERANCE = Duration.ofMillis(100);

  private final ServedRoute route;
  private final RoutingContext context;
  private final HttpMethod method;
  private final boolean hasBody;
  private final @Nullable Node owner;
  private final Duration timeLimit;
  private final GatewayServices services;
  private volatile Deadline deadline;
  private int attempts;
  private boolean circuitOpen;
  private boolean limited;
  private @Nullable AttemptFailure worstFailure;

  /**
   * Makes the plan of a request that no node has received.
   *
   * @param owner the node that must serve the request while it holds sessions; null if any node can
   */
  AttemptPlan(ServedRoute route, RoutingContext context, HttpMethod method, boolean hasBody, @Nullable Node owner,
      Duration timeLimit, GatewayServices services) {
    this.route = route;
    this.context = context;
    this.method = method;
    this.hasBody = hasBody;
    this.owner = owner;
    this.timeLimit = timeLimit;
    this.services = services;
    this.deadline = Deadline.after(timeLimit, now());
  }

  private long now() {
    return services.nanoTime().getAsLong();
  }

  /** Starts the time of the request again, because the gateway waited for the client until now. */
  void restartDeadline() {
    deadline = Deadline.after(timeLimit, now());
  }

  /** Tells a node how much time is left. */
  void writeDeadline(HttpHeaders headers) {
    deadline.writeTo(headers, now());
  }

  /** Returns the next attempt: at the owner of the session, or at the node that the balancer chooses. */
  Step next() {
    while (true) {
      Node node = choose();
      if (node == null) {
        return noNodeLeft();
      }
      if (admits(node)) {
        return new Step.Send(node, false);
      }
      if (owner == node) {
        return noNodeLeft();
      }
    }
  }

  private @Nullable Node choose() {
    return owner != null && owner.health().holdsSessions() && !context.tried().contains(owner)
        ? owner
        : route.balancer().next(context);
  }

  private boolean admits(Node node) {
    if (!node.limit().tryAcquire()) {
      limited = true;
      context.skip(node);
      return false;
    }
    if (!node.circuit().tryAcquire()) {
      node.limit().released();
      circuitOpen = true;
      context.skip(node);
      return false;
    }
    attempts++;
    context.addTried(node, now());
    return true;
  }

  /** Returns the number of attempts so far. */
  int attempts() {
    return attempts;
  }

  /** The route's attempt time-out if the request can go to another node; else the rest of the deadline. */
  TimeLimit timeLimit(Node node) {
    Duration remaining = deadline.remaining(now());
    Duration timeout = route.settings().attemptTimeout();
    boolean another = isSafe() && owner != node && hasUntriedNode();
    Duration given = another && timeout.compareTo(remaining) < 0 ? timeout : remaining;
    // A node that was given less time than an attempt or a whole request has did not fail.
    return new TimeLimit(given,
        given.compareTo(shorter(timeout, route.settings().deadline()).minus(TOLERANCE)) < 0);
  }

  private static Duration shorter(Duration left, Duration right) {
    return left.compareTo(right) < 0 ? left : right;
  }

  private boolean isSafe() {
    return RetryRule.isSafe(method) && !hasBody;
  }

  private boolean hasUntriedNode() {
    if (attempts >= MAX_ATTEMPTS) {
      return false;
    }
    for (Node candidate : route.pool().candidates()) {
      if (!context.tried().contains(candidate)) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether the answer is not passed on, because another node may give a better one. It spends a retry. */
  boolean triesAnother(Node node, int status) {
    return status == SERVICE_UNAVAILABLE && isSafe() && owner != node && hasUntriedNode()
        && !deadline.isOver(now()) && route.retryBudget().tryRetry();
  }

  /**
   * Returns what follows from a failed attempt, of whose answer the client has seen nothing.
   *
   * @param bodyConsumed whether the body was streamed, so that it cannot be sent again
   */
  Step afterFailure(Node node, AttemptFailure failure, boolean bodyConsumed) {
    AttemptFailure worst = worstFailure;
    if (worst == null || worst.isUnsent()) {
      worst = failure;
      worstFailure = failure;
    }
    if (deadline.isOver(now()) || attempts >= MAX_ATTEMPTS || !RetryRule.allows(method, bodyConsumed, failure)) {
      return new Step.GiveUp(GatewayProblem.of(worst));
    }
    if (owner == node && failure.kind() != Kind.REFUSED) {
      return reconnect(node, failure);
    }
    // An unsent request added no load. A declined request has already spent a retry.
    boolean allowed = failure.isUnsent() || failure.kind() == Kind.DECLINED || route.retryBudget().tryRetry();
    if (!allowed) {
      return new Step.GiveUp(GatewayProblem.of(failure));
    }
    services.metrics().countRetry(route.id(), failure.kind());
    return next();
  }

  /**
   * Only the owner has the session, and a broken connection does not prove that it is gone. A new connection does: it
   * is refused, or the owner answers.
   */
  private Step reconnect(Node node, AttemptFailure failure) {
    boolean reconnect = attempts == 1 && (failure.kind() == Kind.BROKEN || failure.kind() == Kind.UNSENT);
    if (!reconnect) {
      return new Step.GiveUp(GatewayProblem.of(failure));
    }
    return admits(node) ? new Step.Send(node, true) : noNodeLeft();
  }

  private Step noNodeLeft() {
    if (worstFailure != null) {
      return new Step.GiveUp(GatewayProblem.of(worstFailure));
    }
    if (limited) {
      return reject("node-limit", "Every node that may serve the request is at its concurrency limit.");
    }
    return circuitOpen
        ? reject("circuit", "The circuit breaker is open, because the service does not answer.")
        : new Step.GiveUp(
            new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "No node is available for this route.", 1));
  }

  private Step reject(String reason, String detail) {
    return new Step.GiveUp(services.rejected(route.id(), reason, detail));
  }
}
