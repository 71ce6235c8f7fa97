package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.channel.PacedBody;
import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import dev.statecraft.gateway.websocket.Tunnel;
import dev.statecraft.gateway.websocket.WebSockets;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;

/**
 * The forwarding of one request. It reads a short body, asks for admission, and tries one node after another until a
 * node answers, the request may not be repeated, or the deadline is over. Confined to one request, on whichever event
 * loop it is; not thread-safe.
 */
final class ProxyExchange {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final ServedRoute route;
  private final ServerWebExchange exchange;
  private final ClientRequest request;
  private final HttpMethod method;
  private final Outlet outlet;
  private final @Nullable FilteredExchange filtered;
  private final GatewayServices services;
  private final LongSupplier nanoTime;
  private final ForwardedClient client;
  private final RoutingContext context;
  private final Request<RoutingContext> balancerRequest;
  private final SessionAffinity affinity;
  private final Channel channel;
  private final ClientConnection connection;
  private final boolean hasBody;
  private final RequestBody body;
  private final AttemptPlan plan;
  private @Nullable Lease admission;
  private WebSockets.@Nullable Permit webSocket;

  ProxyExchange(ServedRoute route, ServerWebExchange exchange, ClientRequest request, Outlet outlet,
      ForwardedClient client, Duration timeLimit, GatewayServices services) {
    this.route = route;
    this.exchange = exchange;
    this.request = request;
    this.method = request.method();
    this.outlet = outlet;
    this.filtered = FilteredExchange.of(exchange);
    this.services = services;
    this.nanoTime = services.nanoTime();
    this.client = client;
    this.context = new RoutingContext(method.name(), request.target(), client.address(), client.network(),
        request.headers()::get);
    this.balancerRequest = new DefaultRequest<>(context);
    this.affinity = new SessionAffinity(route, method, request.headers(), client, context, services.metrics());
    this.channel = ((Connection) request.received()).channel();
    this.connection = ClientConnection.of(channel);
    this.hasBody = request.hasBody();
    this.body = filtered == null ? unread() : filtered.body(this::unread);
    this.plan = new AttemptPlan(route, context, method, hasBody, affinity.owner(), timeLimit, services);
  }

  /** Answers the request, or fails with a {@link GatewayProblem}. */
  Mono<Void> run() {
    if (request.asksForWebSocket()) {
      return openWebSocket();
    }
    if (!hasBody) {
      return admit();
    }
    Mono<Void> read = body.read(request.declaredBytes()).flatMap(done -> admit());
    return filtered == null ? read.doFinally(signal -> body.close()) : read;
  }

  private Mono<Void> openWebSocket() {
    WebSockets.Permit permit = services.webSockets().tryAcquire(client.network());
    if (permit == null) {
      return reject("websockets", "Too many WebSockets are open.");
    }
    webSocket = permit;
    return admit().doFinally(signal -> permit.close());
  }

  private RequestBody unread() {
    return new RequestBody(request.body(), request.bodyOwned(), channel, connection, services.memory());
  }

  private Mono<Void> admit() {
    Lease admitted = route.bulkhead().tryEnter(connection);
    if (admitted == null) {
      return reject("bulkhead", "Too many requests are in flight.");
    }
    admission = admitted;
    // The time that a slow client needs to send its body does not count.
    plan.restartDeadline();
    affinity.findUser(request.headers(), body::bytes, services.json());
    if (filtered == null || !filtered.isRepeated()) {
      route.retryBudget().recordRequest();
    }
    return perform(plan.next()).doFinally(signal -> admitted.giveBack());
  }

  private Mono<Void> reject(String reason, String detail) {
    return Mono.error(services.rejected(route.id(), reason, detail));
  }

  private Mono<Void> perform(AttemptPlan.Step step) {
    return switch (step) {
      case AttemptPlan.Step.Send send -> attempt(send.node(),
          send.fresh() ? send.node().connections().fresh() : send.node().connections().pooled());
      case AttemptPlan.Step.GiveUp end -> Mono.error(end.problem());
    };
  }

  private Mono<Void> attempt(Node node, Supplier<HttpClient> httpClient) {
    Attempt attempt = new Attempt(route, node, balancerRequest, context, nanoTime);
    attempt.start();
    attempt.trace(services.tracing().start(exchange, method.name(), context.target(), node, plan.attempts()));
    Lease permit = node.permits().tryAcquire(connection);
    Mono<Void> sent = permit != null
        ? send(attempt, permit, httpClient)
        : node.permits().acquire(connection, route.settings().attemptTimeout())
            .flatMap(later -> send(attempt, later, httpClient));
    // If the client disconnects, the write of the answer can also complete without an error.
    return sent.onErrorResume(error -> recover(attempt, error)).doFinally(signal -> attempt.cancelled());
  }

  private Mono<Void> send(Attempt attempt, Lease permit, Supplier<HttpClient> httpClient) {
    attempt.permit(permit);
    // A WebSocket keeps its connection, so it takes none of the pool.
    HttpClient used = webSocket == null ? httpClient.get() : attempt.node().connections().fresh().get();
    return used.request(method).uri(context.target()).send((outgoing, outbound) -> {
      outbound.withConnection(opened -> attempt.startSending(opened,
          body.isStreamed() ? route.settings().deadline() : attemptTimeout(attempt)));
      writeHeaders(attempt, outgoing.requestHeaders());
      return !hasBody ? outbound : outbound.send(body.isStreamed() ? upload(attempt) : body.whole());
    }).responseConnection((response, opened) -> {
      context.answered(nanoTime.getAsLong());
      if (response.status().code() == SWITCHING_PROTOCOLS && webSocket != null
          && response.responseHeaders().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
        attempt.openTunnel(opened);
      }
      attempt.responseReceived(response, opened);
      return Mono.<Void>empty();
    }).then(Mono.defer(() -> respond(attempt)));
  }

  private PacedBody upload(Attempt attempt) {
    if (filtered != null) {
      FilteredExchange.preventRepeat(exchange);
    }
    return new PacedBody(body.stream().doOnError(error -> attempt.clientAborted()), attempt.channel(),
        attempt.upload(() -> {
          plan.restartDeadline();
          attempt.awaitAnswer(attemptTimeout(attempt));
        }));
  }

  private void writeHeaders(Attempt attempt, HttpHeaders headers) {
    AffinityCookie cookie = route.cookie();
    HeaderRewriter.writeRequest(method, request.headers(), hasBody, attempt.node(), request.hostKept(),
        cookie == null ? null : cookie.name(), headers);
    client.writeTo(headers, request.prefix());
    plan.writeDeadline(headers);
    if (webSocket != null) {
      HeaderRewriter.addUpgrade(headers);
    }
    attempt.span().writeTo(headers);
  }

  private Duration attemptTimeout(Attempt attempt) {
    AttemptPlan.TimeLimit limit = plan.timeLimit(attempt.node());
    attempt.hurried(limit.hurried());
    return limit.given();
  }

  private Mono<Void> switchProtocols(Attempt attempt) {
    Tunnel tunnel = attempt.tunnel();
    WebSockets.Permit permit = webSocket;
    if (tunnel == null || permit == null) {
      // The gateway did not ask for it.
      return Mono.error(AttemptFailure.of(Kind.BROKEN));
    }
    HttpHeaders headers = HeaderRewriter.switching(attempt.response().responseHeaders());
    affinity.addTo(headers, attempt.node());
    attempt.switchedProtocols();
    if (admission != null) {
      admission.giveBack();
    }
    Runnable end = () -> {
      attempt.succeeded();
      // A filter may have discarded the answer.
      tunnel.close("client");
    };
    return outlet.switchProtocols(new Outlet.Head(SWITCHING_PROTOCOLS, headers, true),
        head -> permit.connect(tunnel, channel, head)).doOnTerminate(end).doOnCancel(end);
  }

  private Mono<Void> respond(Attempt attempt) {
    if (attempt.status() == SWITCHING_PROTOCOLS) {
      return switchProtocols(attempt);
    }
    if (plan.triesAnother(attempt.node(), attempt.status())) {
      return Mono.error(AttemptFailure.of(Kind.DECLINED));
    }
    NettyDataBufferFactory buffers = (NettyDataBufferFactory) exchange.getResponse().bufferFactory();
    return new ResponseWriter(buffers, outlet, method.equals(HttpMethod.HEAD), channel, connection, services.memory(),
        attempt)
        .write(headers -> affinity.addTo(headers, attempt.node()), () -> {
          attempt.succeeded();
          if (admission != null) {
            admission.giveBack();
          }
        });
  }

  private Mono<Void> recover(Attempt attempt, Throwable error) {
    if (error instanceof GatewayProblem || attempt.isEnded()) {
      // A later attempt has already decided the answer, or the client did not read it.
      attempt.cancelled();
      return Mono.error(error);
    }
    AttemptFailure failure = attempt.failure(error);
    context.answered(nanoTime.getAsLong());
    attempt.failed(failure);
    if (!outlet.isOpen()) {
      return Mono.error(exchange.getResponse().isCommitted() ? error : GatewayProblem.of(failure));
    }
    return perform(plan.afterFailure(attempt.node(), failure, body.isConsumed()));
  }
}
