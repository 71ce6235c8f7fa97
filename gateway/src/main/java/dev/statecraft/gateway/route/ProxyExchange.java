package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.Affinity;
import dev.statecraft.gateway.affinity.UserId;
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
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServerRequest;

/**
 * One request on its way: nodes are tried one after the other until one answers, the request may not be repeated, or
 * its deadline is over. The state of one request, on whatever event loop it is; not for two threads at a time.
 */
final class ProxyExchange {
  private static final int MOST_ATTEMPTS = 3;
  private static final int DECLINED = 503;

  private final ServedRoute route;
  private final ServerWebExchange exchange;
  private final HttpServerRequest request;
  private final HttpMethod method;
  private final GatewayServices tools;
  private final LongSupplier nanoTime;
  private final ForwardedClient client;
  private final RoutingContext facts;
  private final Request<RoutingContext> choice;
  private final SessionAffinity affiliation;
  private final boolean hasBody;
  private final RequestBody body;
  private Deadline deadline;
  private int attempts;
  private @Nullable AttemptFailure worst;

  ProxyExchange(ServedRoute route, ServerWebExchange exchange, HttpServerRequest request, ForwardedClient client,
      String target, GatewayServices tools) {
    this.route = route;
    this.exchange = exchange;
    this.request = request;
    this.method = request.method();
    this.tools = tools;
    this.nanoTime = tools.nanoTime();
    this.client = client;
    HttpHeaders headers = request.requestHeaders();
    this.facts = new RoutingContext(client.address(), target, headers::get);
    this.choice = new DefaultRequest<>(facts);
    this.affiliation = SessionAffinity.of(route, request, client, facts);
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    this.hasBody = length == null ? headers.contains(HttpHeaderNames.TRANSFER_ENCODING) : !length.equals("0");
    this.body = new RequestBody(request);
    this.deadline = new Deadline(0);
  }

  /** Answers the request, or fails with a {@link GatewayProblem}. */
  Mono<Void> run() {
    return hasBody ? body.then(this::begin) : begin();
  }

  /** Returns the worst that nodes did to the request, or null when one answered at once. */
  @Nullable
  AttemptFailure worst() {
    return worst;
  }

  private Mono<Void> begin() {
    // A client that was slow to send its body has not used up the service's time.
    deadline = Deadline.of(route.settings().deadline(), request.requestHeaders(), nanoTime.getAsLong());
    if (affiliation.isLogin() && route.settings().affinity() == Affinity.USER_ID) {
      String user = LoginUser.find(route.settings().userFrom(), request.requestHeaders(), body.bytes(), tools.json());
      if (user != null) {
        facts.user(UserId.pseudonym(user));
      }
    }
    route.retryBudget().requested();
    return attempt();
  }

  private Mono<Void> attempt() {
    Node owner = affiliation.owner();
    if (owner != null && owner.health().holdsSessions() && !facts.tried().contains(owner)) {
      return send(owner, owner.connections().pooled().get());
    }
    return route.balancer().choose(choice)
        .flatMap(chosen -> chosen.getServer() instanceof Node node
            ? send(node, node.connections().pooled().get())
            : Mono.error(nothingLeft()));
  }

  private Mono<Void> send(Node node, HttpClient through) {
    attempts++;
    facts.addTried(node, nanoTime.getAsLong());
    Attempt attempt = new Attempt(route, node, choice, new DefaultResponse(node));
    attempt.start();
    return through.request(method).uri(facts.target()).send((outgoing, outbound) -> {
      Duration patience = patience(node);
      outbound.withConnection(connection -> attempt.sending(connection, patience));
      writeHead(node, outgoing.requestHeaders());
      return hasBody ? outbound.send(body.toSend()) : outbound;
    }).responseConnection((response, connection) -> {
      facts.answered(nanoTime.getAsLong());
      attempt.answered(response, connection);
      return Mono.<Void>empty();
    }).then(Mono.defer(() -> relay(attempt)))
        .onErrorResume(error -> failed(attempt, error)).doOnCancel(attempt::abandon);
  }

  private void writeHead(Node node, HttpHeaders headers) {
    boolean mayHaveBody = method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT)
        || method.equals(HttpMethod.PATCH);
    RequestHead.write(request.requestHeaders(), hasBody, mayHaveBody, node, route.cookie() != null, headers);
    client.writeTo(headers, route.settings().prefix());
    deadline.writeTo(headers, nanoTime.getAsLong());
  }

  /** An attempt that can be made elsewhere is given up early; any other has what is left of the deadline. */
  private Duration patience(Node node) {
    Duration left = deadline.left(nanoTime.getAsLong());
    Duration early = route.settings().attemptTimeout();
    return isSafe() && early.compareTo(left) < 0 && affiliation.owner() != node && anotherIsLeft() ? early : left;
  }

  private boolean isSafe() {
    return RetryRule.isSafe(method) && !hasBody;
  }

  private boolean anotherIsLeft() {
    if (attempts >= MOST_ATTEMPTS) {
      return false;
    }
    for (Node candidate : route.pool().candidates()) {
      if (!facts.tried().contains(candidate)) {
        return true;
      }
    }
    return false;
  }

  private Mono<Void> relay(Attempt attempt) {
    boolean askAnother = attempt.status() == DECLINED && isSafe() && affiliation.owner() != attempt.node()
        && anotherIsLeft() && !deadline.isOver(nanoTime.getAsLong()) && route.retryBudget().tryRetry();
    if (askAnother) {
      return Mono.error(AttemptFailure.of(Kind.DECLINED));
    }
    return new ResponseWriter(exchange, attempt, route.settings().bodyIdleTimeout(), tools.timer())
        .write(headers -> affiliation.addTo(headers, attempt)).doOnSuccess(done -> attempt.succeeded());
  }

  private Mono<Void> failed(Attempt attempt, Throwable error) {
    if (error instanceof GatewayProblem) {
      // An attempt that came after this one has said it all.
      return Mono.error(error);
    }
    AttemptFailure failure = failure(attempt, error);
    facts.answered(nanoTime.getAsLong());
    attempt.failed(failure);
    if (worst == null || worst.neverLeft()) {
      worst = failure;
    }
    if (exchange.getResponse().isCommitted()) {
      return Mono.error(error);
    }
    if (deadline.isOver(nanoTime.getAsLong()) || attempts >= MOST_ATTEMPTS
        || !RetryRule.allows(method, body.isGone(), failure)) {
      return Mono.error(GatewayProblem.of(worst));
    }
    return again(attempt.node(), failure);
  }

  private static AttemptFailure failure(Attempt attempt, Throwable error) {
    if (attempt.isExpired()) {
      return AttemptFailure.of(Kind.TIMED_OUT);
    }
    return error instanceof AttemptFailure known ? known : AttemptFailure.of(error, attempt.isSending());
  }

  private Mono<Void> again(Node node, AttemptFailure failure) {
    if (affiliation.owner() == node && failure.kind() != Kind.REFUSED) {
      // The owner alone has the session, and a broken connection does not prove that it is gone. A new connection does:
      // it is refused, or it serves.
      boolean prove = attempts == 1 && (failure.kind() == Kind.BROKEN || failure.kind() == Kind.UNSENT);
      return prove ? send(node, node.connections().fresh()) : Mono.error(GatewayProblem.of(failure));
    }
    // What never left added no load; what was declined has paid already.
    boolean paid = failure.neverLeft() || failure.kind() == Kind.DECLINED || route.retryBudget().tryRetry();
    if (!paid) {
      return Mono.error(GatewayProblem.of(failure));
    }
    tools.metrics().retried(route.id(), failure.kind());
    return attempt();
  }

  private GatewayProblem nothingLeft() {
    return worst == null
        ? new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "No node serves this route now.", 1)
        : GatewayProblem.of(worst);
  }
}
