package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.channel.CoarseTimer;
import dev.statecraft.gateway.channel.EventLoopTask;
import dev.statecraft.gateway.channel.NodeChannel;
import dev.statecraft.gateway.channel.ResponseReceiver;
import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.Request;
import reactor.core.Disposable;

/**
 * The forwarding of one plain request on the {@link FastPath}. It asks for admission, and tries one node after another,
 * as {@link AttemptPlan} decides. Runs only on the event loop of the client.
 */
final class FastExchange implements ResponseReceiver {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final FastPathHandler client;
  private final ServedRoute route;
  private final RouteAdmission rules;
  private final GatewayServices services;
  private final HttpRequest request;
  private final HttpMethod method;
  private final @Nullable ByteBuf body;
  private final ForwardedClient forwarded;
  private final RoutingContext context;
  private final Request<RoutingContext> balancerRequest;
  private final CoarseTimer.Timeout timeout;
  private @Nullable SessionAffinity affinity;
  private @Nullable AttemptPlan plan;
  private @Nullable Lease admission;
  private @Nullable AttemptReport attempt;
  private @Nullable Disposable waiting;
  private @Nullable NodeChannel channel;
  private @Nullable FastAnswer answer;
  private boolean hurried;
  private boolean ended;

  /**
   * Makes the exchange of a request that has arrived whole.
   *
   * @param target path and query below the prefix of the route
   * @param body null for none; its owner is the caller
   */
  FastExchange(FastPathHandler client, FastPath.FastRoute route, HttpRequest request, String target,
      @Nullable ByteBuf body, ForwardedClient forwarded) {
    this.client = client;
    this.route = route.route();
    this.rules = route.admission();
    this.services = client.services();
    this.request = request;
    this.method = request.method();
    this.body = body;
    this.forwarded = forwarded;
    this.context = new RoutingContext(method.name(), target, forwarded.address(), forwarded.network(),
        request.headers()::get);
    this.balancerRequest = new DefaultRequest<>(context);
    this.timeout = client.timer().timeout(this::expire);
  }

  void start() {
    try {
      rules.count(forwarded);
      Duration timeLimit = rules.timeLimit(forwarded, request.headers());
      SessionAffinity session = new SessionAffinity(route, method, request.headers(), forwarded, context,
          services.metrics());
      affinity = session;
      AttemptPlan next = new AttemptPlan(route, context, method, body != null, session.owner(), timeLimit,
          services);
      plan = next;
      Lease admitted = route.bulkhead().tryEnter(client.connection());
      if (admitted == null) {
        throw services.rejected(route.id(), "bulkhead", "Too many requests are in flight.");
      }
      admission = admitted;
      session.findUser(request.headers(), () -> body == null ? null : ByteBufUtil.getBytes(body), services.json());
      route.retryBudget().recordRequest();
      perform(next.next());
    } catch (RuntimeException notForwarded) {
      answer(notForwarded);
    }
  }

  private AttemptPlan plan() {
    return Objects.requireNonNull(plan);
  }

  private void perform(AttemptPlan.Step step) {
    switch (step) {
      case AttemptPlan.Step.Send send -> attempt(send.node(), send.fresh());
      case AttemptPlan.Step.GiveUp end -> answer(end.problem());
    }
  }

  private void attempt(Node node, boolean fresh) {
    AttemptReport begun = new AttemptReport(route, node, balancerRequest);
    attempt = begun;
    begun.start();
    Lease permit = node.permits().tryAcquire(client.connection());
    if (permit != null) {
      connect(begun, permit, fresh);
    } else {
      waiting = node.permits().acquire(client.connection(), route.settings().attemptTimeout())
          .subscribe(later -> onLoop(() -> connect(begun, later, fresh)), failure -> onLoop(() -> {
            if (!begun.isEnded()) {
              notConnected(failure);
            }
          }));
    }
  }

  private void onLoop(Runnable task) {
    var _ = EventLoopTask.run(client.channel().eventLoop(), task);
  }

  private void connect(AttemptReport begun, Lease permit, boolean fresh) {
    begun.permit(permit);
    if (!begun.isEnded()) {
      begun.node().connections().channels().acquire(client.loop(), fresh, this);
    }
  }

  private AttemptReport attempt() {
    return Objects.requireNonNull(attempt);
  }

  @Override
  public void connected(NodeChannel opened) {
    if (ended) {
      opened.unused();
      return;
    }
    channel = opened;
    Node node = attempt().node();
    AttemptPlan.TimeLimit limit = plan().timeLimit(node);
    hurried = limit.hurried();
    timeout.start(limit.given());
    opened.send(method, context.target(), headers(node), body == null ? null : body.retainedDuplicate());
  }

  private HttpHeaders headers(Node node) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    AffinityCookie cookie = route.cookie();
    HeaderRewriter.writeRequest(method, request.headers(), body != null, node, false,
        cookie == null ? null : cookie.name(), headers);
    forwarded.writeTo(headers, route.settings().prefix());
    plan().writeDeadline(headers);
    return headers;
  }

  @Override
  public void notConnected(Throwable cause) {
    if (!ended) {
      fail(cause instanceof AttemptFailure known ? known : AttemptFailure.of(cause, false));
    }
  }

  @Override
  public void broken(Throwable cause) {
    channel = null;
    fail(AttemptFailure.of(cause, true));
  }

  private void expire() {
    boolean streaming = answer != null && answer.isStreaming();
    fail(AttemptFailure.of(streaming ? Kind.STALLED : hurried ? Kind.OUT_OF_TIME : Kind.TIMED_OUT));
  }

  @Override
  public void head(HttpResponse head) {
    context.answered(services.nanoTime().getAsLong());
    int status = head.status().code();
    Node node = attempt().node();
    if (status == SWITCHING_PROTOCOLS) {
      // The gateway did not ask for it.
      fail(AttemptFailure.of(Kind.BROKEN));
    } else if (plan().triesAnother(node, status)) {
      fail(AttemptFailure.of(Kind.DECLINED));
    } else {
      HttpHeaders headers = head.headers();
      FastAnswer begun = new FastAnswer(this, client, status, headers, method.equals(HttpMethod.HEAD));
      HeaderRewriter.removeHopByHop(headers, headers);
      Objects.requireNonNull(affinity).addTo(headers, node);
      answer = begun;
      begun.start();
    }
  }

  @Override
  public void part(ByteBuf part) {
    Objects.requireNonNull(answer).part(part);
  }

  @Override
  public void end() {
    channel = null;
    timeout.pause();
    Objects.requireNonNull(answer).end();
  }

  /** Records that the answer is passed on. */
  void passedOn(int status) {
    attempt().passedOn(context, status);
  }

  /** Records that the node has sent the whole answer. */
  void succeeded(int status) {
    attempt().succeeded(status);
    leave();
  }

  private void leave() {
    timeout.stop();
    Lease held = admission;
    if (held != null) {
      held.giveBack();
    }
  }

  /** Reads on, or waits for the client. The node has a limited time while it is its turn. */
  void reading(boolean now) {
    NodeChannel from = channel;
    if (from != null) {
      from.reading(now);
      if (now) {
        timeout.start(route.settings().bodyIdleTimeout());
      } else {
        timeout.pause();
      }
    }
  }

  void clientWritable(boolean writable) {
    if (answer != null) {
      answer.clientWritable(writable);
    }
  }

  private void fail(AttemptFailure failure) {
    timeout.pause();
    context.answered(services.nanoTime().getAsLong());
    attempt().failed(failure, answer == null ? 0 : answer.status());
    reset();
    FastAnswer begun = answer;
    answer = null;
    if (begun != null) {
      begun.discard();
      if (begun.isStreaming()) {
        // The client must not take what it has for the whole answer.
        leave();
        var _ = client.channel().close();
        return;
      }
    }
    perform(plan().afterFailure(attempt().node(), failure, false));
  }

  /** Ends the attempt, although its node did not fail, and answers. */
  void abandon(GatewayProblem problem) {
    attempt().cancelled();
    reset();
    answer = null;
    answer(problem);
  }

  private void answer(RuntimeException failure) {
    leave();
    client.finish(this, FastAnswer.of(ProblemDocument.of(failure, services.json())), () -> {});
  }

  private void reset() {
    NodeChannel left = channel;
    channel = null;
    if (left != null) {
      left.reset();
    }
  }

  /** Ends the exchange, because the client has disconnected. */
  void cancel() {
    ended = true;
    Disposable permit = waiting;
    if (permit != null) {
      permit.dispose();
    }
    AttemptReport begun = attempt;
    if (begun != null) {
      begun.cancelled();
    }
    reset();
    FastAnswer sent = answer;
    if (sent != null) {
      sent.discard();
    }
    leave();
  }
}
