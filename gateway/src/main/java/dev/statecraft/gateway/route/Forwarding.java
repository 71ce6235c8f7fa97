package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.Affinity;
import dev.statecraft.gateway.affinity.UserId;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RequestFacts;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.RetryRule;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request on its way: nodes are tried one after the other until one answers, the request may not be repeated, or its
 * deadline is over. The state of one request, on whatever event loop it is; not for two threads at a time.
 */
final class Forwarding {
  private static final int MOST_ATTEMPTS = 3;
  private static final int DECLINED = 503;

  private final ServedRoute route;
  private final ServerWebExchange exchange;
  private final HttpServerRequest request;
  private final HttpMethod method;
  private final GatewayMetrics metrics;
  private final JsonMapper json;
  private final LongSupplier nanoTime;
  private final long deadline;
  private final RequestFacts facts;
  private final Request<RequestFacts> choice;
  private final Affiliation affiliation;
  private final boolean hasBody;
  private boolean bodyRead;
  private byte @Nullable [] keptBody;
  private int attempts;
  private @Nullable AttemptFailure worst;

  Forwarding(ServedRoute route, ServerWebExchange exchange, GatewayMetrics metrics, JsonMapper json,
      LongSupplier nanoTime) {
    this.route = route;
    this.exchange = exchange;
    this.request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
    this.method = exchange.getRequest().getMethod();
    this.metrics = metrics;
    this.json = json;
    this.nanoTime = nanoTime;
    this.deadline = nanoTime.getAsLong() + route.settings().deadline().toNanos();
    String target = RequestTarget.strip(request.uri(), route.settings().prefix());
    this.facts = new RequestFacts(RequestHead.clientAddress(request), target, request.requestHeaders()::get);
    this.choice = new DefaultRequest<>(facts);
    this.affiliation = Affiliation.of(route, request, facts);
    HttpHeaders headers = request.requestHeaders();
    this.hasBody = headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || (headers.contains(HttpHeaderNames.CONTENT_LENGTH)
            && !"0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH)));
  }

  Mono<Void> run() {
    if (route.settings().affinity() == Affinity.USER_ID && affiliation.isLogin()) {
      return LoginUser.read(request, route.settings().userFrom(), hasBody, json).flatMap(login -> {
        if (login.user() != null) {
          facts.user(UserId.pseudonym(login.user()));
        }
        keptBody = login.body();
        return attempt();
      });
    }
    return attempt();
  }

  private Mono<Void> attempt() {
    Node owner = affiliation.owner();
    if (owner != null && owner.health().holdsSessions() && !facts.tried().contains(owner)) {
      return send(owner, owner.connections().pooled());
    }
    return route.balancer().choose(choice).flatMap(chosen -> {
      ServiceInstance instance = chosen.getServer();
      if (instance instanceof Node node) {
        return send(node, node.connections().pooled());
      }
      return Mono.error(nothingLeft());
    });
  }

  private Mono<Void> send(Node node, HttpClient client) {
    attempts++;
    facts.addTried(node, nanoTime.getAsLong());
    Attempt attempt = new Attempt(route, node, choice, new DefaultResponse(node));
    attempt.start();
    return client.request(io.netty.handler.codec.http.HttpMethod.valueOf(method.name())).uri(facts.target())
        .send((outgoing, outbound) -> {
          attempt.sending();
          RequestHead.write(request, route, node, hasBody, outgoing.requestHeaders());
          return hasBody ? outbound.send(body()) : outbound;
        }).responseConnection((response, connection) -> {
          facts.answered(nanoTime.getAsLong());
          attempt.answered(response, connection);
          return Mono.<Void>empty();
        }).then().timeout(patience(node)).then(Mono.defer(() -> relay(attempt)))
        .onErrorResume(error -> failed(attempt, error)).doOnCancel(attempt::abandon);
  }

  private Publisher<ByteBuf> body() {
    byte[] kept = keptBody;
    return kept != null
        ? Mono.fromSupplier(() -> Unpooled.wrappedBuffer(kept))
        : request.receive().retain().doOnSubscribe(subscription -> bodyRead = true);
  }

  /** An attempt that can be made elsewhere is given up early; any other has what is left of the deadline. */
  private Duration patience(Node node) {
    long left = Math.max(1, deadline - nanoTime.getAsLong());
    boolean canGoElsewhere = RetryRule.isSafe(method) && !hasBody && affiliation.owner() != node && anotherIsLeft();
    return Duration.ofNanos(canGoElsewhere ? Math.min(left, route.settings().attemptTimeout().toNanos()) : left);
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
    boolean declined = attempt.status() == DECLINED && RetryRule.isSafe(method) && !hasBody
        && affiliation.owner() != attempt.node() && anotherIsLeft() && nanoTime.getAsLong() < deadline;
    if (declined) {
      return Mono.error(AttemptFailure.of(AttemptFailure.Kind.DECLINED));
    }
    return new Relay(exchange, attempt, route.settings().bodyIdleTimeout(), patience(attempt.node()))
        .write(headers -> affiliation.addTo(headers, attempt)).doOnSuccess(done -> attempt.succeeded());
  }

  private Mono<Void> failed(Attempt attempt, Throwable error) {
    AttemptFailure failure = error instanceof AttemptFailure known
        ? known
        : AttemptFailure.of(error, attempt.isSending());
    facts.answered(nanoTime.getAsLong());
    attempt.failed(failure);
    if (exchange.getResponse().isCommitted()) {
      return Mono.error(error);
    }
    if (worst == null || worst.neverLeft()) {
      worst = failure;
    }
    boolean timeLeft = nanoTime.getAsLong() < deadline;
    if (!timeLeft || attempts >= MOST_ATTEMPTS || !RetryRule.allows(method, bodyRead, failure)) {
      return Mono.error(GatewayProblem.of(worst));
    }
    Node node = attempt.node();
    if (affiliation.owner() == node && failure.kind() != AttemptFailure.Kind.REFUSED) {
      // The owner alone has the session, and a broken connection does not prove that it is gone. A new connection does:
      // it is refused, or it serves.
      boolean worthAnother = attempts == 1
          && (failure.kind() == AttemptFailure.Kind.BROKEN || failure.kind() == AttemptFailure.Kind.UNSENT);
      return worthAnother ? send(node, node.connections().fresh()) : Mono.error(GatewayProblem.of(worst));
    }
    metrics.retried(route.id(), failure.kind());
    return attempt();
  }

  private GatewayProblem nothingLeft() {
    return worst == null
        ? new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "No node serves this route now.", true)
        : GatewayProblem.of(worst);
  }
}
