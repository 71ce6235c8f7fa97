package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.affinity.AffinityPolicy;
import dev.statecraft.gateway.affinity.UserIdAffinity;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import dev.statecraft.gateway.resilience.Deadline;
import dev.statecraft.gateway.resilience.RetryRule;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The forwarding of one request. It tries one node after another until a node answers, the request may not be repeated,
 * or the deadline is over. Confined to one request, on whichever event loop it is; not thread-safe.
 */
final class ProxyExchange {
  private static final int MAX_ATTEMPTS = 3;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final ServedRoute route;
  private final ServerWebExchange exchange;
  private final HttpServerRequest request;
  private final HttpMethod method;
  private final GatewayServices services;
  private final LongSupplier nanoTime;
  private final ForwardedClient client;
  private final Duration timeLimit;
  private final RoutingContext context;
  private final Request<RoutingContext> balancerRequest;
  private final SessionAffinity affinity;
  private final boolean hasBody;
  private final RequestBody body;
  private Deadline deadline;
  private int attempts;
  private @Nullable AttemptFailure worstFailure;

  ProxyExchange(ServedRoute route, ServerWebExchange exchange, HttpServerRequest request, ForwardedClient client,
      String target, Duration timeLimit, GatewayServices services) {
    this.route = route;
    this.exchange = exchange;
    this.request = request;
    this.method = request.method();
    this.services = services;
    this.nanoTime = services.nanoTime();
    this.client = client;
    this.timeLimit = timeLimit;
    HttpHeaders headers = request.requestHeaders();
    this.context = new RoutingContext(client.address(), target, headers::get);
    this.balancerRequest = new DefaultRequest<>(context);
    this.affinity = new SessionAffinity(route, request, client, context, services.metrics());
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    this.hasBody = length == null ? headers.contains(HttpHeaderNames.TRANSFER_ENCODING) : !length.equals("0");
    this.body = new RequestBody(request);
    this.deadline = Deadline.after(timeLimit, nanoTime.getAsLong());
  }

  /** Answers the request, or fails with a {@link GatewayProblem}. */
  Mono<Void> run() {
    return hasBody ? body.readThen(this::begin) : begin();
  }

  /**
   * Returns the first failure after which the request may have been executed; if there was none, the last failure; null
   * if no attempt failed.
   */
  @Nullable
  AttemptFailure worstFailure() {
    return worstFailure;
  }

  private Mono<Void> begin() {
    // The time that a slow client needs to send its body does not count.
    deadline = Deadline.after(timeLimit, nanoTime.getAsLong());
    if (affinity.isLogin() && route.settings().affinity() == AffinityPolicy.USER_ID) {
      String user = LoginUser.find(route.settings().userFrom(), request.requestHeaders(), body.bytes(),
          services.json());
      if (user != null) {
        context.user(UserIdAffinity.pseudonym(user));
      }
    }
    route.retryBudget().recordRequest();
    return attempt();
  }

  private Mono<Void> attempt() {
    Node owner = affinity.owner();
    if (owner != null && owner.health().holdsSessions() && !context.tried().contains(owner)) {
      return send(owner, owner.connections().pooled().get());
    }
    return route.balancer().choose(balancerRequest)
        .flatMap(chosen -> chosen.getServer() instanceof Node node
            ? send(node, node.connections().pooled().get())
            : Mono.error(noNodeLeft()));
  }

  private Mono<Void> send(Node node, HttpClient httpClient) {
    attempts++;
    context.addTried(node, nanoTime.getAsLong());
    Attempt attempt = new Attempt(route, node, balancerRequest);
    attempt.start();
    return httpClient.request(method).uri(context.target()).send((outgoing, outbound) -> {
      Duration timeout = attemptTimeout(node);
      outbound.withConnection(connection -> attempt.startSending(connection, timeout));
      writeHeaders(node, outgoing.requestHeaders());
      return hasBody ? outbound.send(body.content()) : outbound;
    }).responseConnection((response, connection) -> {
      context.answered(nanoTime.getAsLong());
      attempt.responseReceived(response, connection);
      return Mono.<Void>empty();
    }).then(Mono.defer(() -> respond(attempt))).onErrorResume(error -> recover(attempt, error))
        .doOnCancel(attempt::cancelled);
  }

  private void writeHeaders(Node node, HttpHeaders headers) {
    boolean mayHaveBody = method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT)
        || method.equals(HttpMethod.PATCH);
    HeaderRewriter.writeRequest(request.requestHeaders(), hasBody, mayHaveBody, node, route.cookie() != null, headers);
    client.writeTo(headers, route.settings().prefix());
    deadline.writeTo(headers, nanoTime.getAsLong());
  }

  /** The route's attempt time-out if the request can go to another node; else the rest of the deadline. */
  private Duration attemptTimeout(Node node) {
    Duration remaining = deadline.remaining(nanoTime.getAsLong());
    Duration timeout = route.settings().attemptTimeout();
    return isSafe() && timeout.compareTo(remaining) < 0 && affinity.owner() != node && hasUntriedNode()
        ? timeout
        : remaining;
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

  private Mono<Void> respond(Attempt attempt) {
    boolean tryAnother = attempt.status() == SERVICE_UNAVAILABLE && isSafe() && affinity.owner() != attempt.node()
        && hasUntriedNode() && !deadline.isOver(nanoTime.getAsLong()) && route.retryBudget().tryRetry();
    if (tryAnother) {
      return Mono.error(AttemptFailure.of(Kind.DECLINED));
    }
    return new ResponseWriter(exchange, attempt, route.settings().bodyIdleTimeout(), services.timer())
        .write(headers -> affinity.addTo(headers, attempt)).doOnSuccess(done -> attempt.succeeded());
  }

  private Mono<Void> recover(Attempt attempt, Throwable error) {
    if (error instanceof GatewayProblem) {
      // A later attempt has already decided the answer.
      return Mono.error(error);
    }
    AttemptFailure failure = failure(attempt, error);
    context.answered(nanoTime.getAsLong());
    attempt.failed(failure);
    if (worstFailure == null || worstFailure.isUnsent()) {
      worstFailure = failure;
    }
    if (exchange.getResponse().isCommitted()) {
      return Mono.error(error);
    }
    if (deadline.isOver(nanoTime.getAsLong()) || attempts >= MAX_ATTEMPTS
        || !RetryRule.allows(method, body.isConsumed(), failure)) {
      return Mono.error(GatewayProblem.of(worstFailure));
    }
    return retry(attempt.node(), failure);
  }

  private static AttemptFailure failure(Attempt attempt, Throwable error) {
    if (attempt.isExpired()) {
      return AttemptFailure.of(Kind.TIMED_OUT);
    }
    return error instanceof AttemptFailure known ? known : AttemptFailure.of(error, attempt.isSending());
  }

  private Mono<Void> retry(Node node, AttemptFailure failure) {
    if (affinity.owner() == node && failure.kind() != Kind.REFUSED) {
      // Only the owner has the session, and a broken connection does not prove that it is gone. A new connection does:
      // it is refused, or the owner answers.
      boolean reconnect = attempts == 1 && (failure.kind() == Kind.BROKEN || failure.kind() == Kind.UNSENT);
      return reconnect ? send(node, node.connections().fresh()) : Mono.error(GatewayProblem.of(failure));
    }
    // An unsent request added no load. A declined request has already spent a retry.
    boolean allowed = failure.isUnsent() || failure.kind() == Kind.DECLINED || route.retryBudget().tryRetry();
    if (!allowed) {
      return Mono.error(GatewayProblem.of(failure));
    }
    services.metrics().countRetry(route.id(), failure.kind());
    return attempt();
  }

  private GatewayProblem noNodeLeft() {
    return worstFailure == null
        ? new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "No node is available for this route.", 1)
        : GatewayProblem.of(worstFailure);
  }
}
