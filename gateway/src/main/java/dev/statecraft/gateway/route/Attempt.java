package dev.statecraft.gateway.route;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.resilience.AttemptFailure;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.CompletionContext.Status;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * One try of one request at one node. Its end is told once, whichever of answer, failure and cancellation comes first.
 */
final class Attempt {
  private final ServedRoute route;
  private final Node node;
  private final Request<RoutingContext> choice;
  private final Response<ServiceInstance> chosen;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean sending;
  private volatile @Nullable HttpClientResponse response;
  private volatile @Nullable Connection connection;
  private volatile @Nullable Future<?> timer;
  private volatile boolean expired;

  Attempt(ServedRoute route, Node node, Request<RoutingContext> choice, Response<ServiceInstance> chosen) {
    this.route = route;
    this.node = node;
    this.choice = choice;
    this.chosen = chosen;
  }

  Node node() {
    return node;
  }

  void start() {
    route.lifecycles().forEach(lifecycle -> lifecycle.onStartRequest(choice, chosen));
  }

  /**
   * Notes that the request is being written on a connection, which is closed when {@code patience} is over before the
   * answer is whole, or begins to stream. A timer of the connection's own event loop costs far less than one of another
   * thread.
   */
  void sending(Connection on, Duration patience) {
    sending = true;
    timer = on.channel().eventLoop().schedule(() -> {
      expired = true;
      var _ = on.channel().close();
    }, patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** From here the answer streams: it has no end that could be waited for. */
  void streams() {
    stopTimer();
  }

  /** Tells whether the attempt was given up because it took too long. */
  boolean isExpired() {
    return expired;
  }

  boolean isSending() {
    return sending;
  }

  void answered(HttpClientResponse answer, Connection on) {
    response = answer;
    connection = on;
    if (ended.get()) {
      // Given up in the same moment: nobody will read this answer.
      on.dispose();
    }
  }

  HttpClientResponse response() {
    HttpClientResponse answer = response;
    if (answer == null) {
      throw new IllegalStateException("no answer yet");
    }
    return answer;
  }

  Connection connection() {
    Connection on = connection;
    if (on == null) {
      throw new IllegalStateException("no connection yet");
    }
    return on;
  }

  int status() {
    return response().status().code();
  }

  void succeeded() {
    stopTimer();
    if (ended.compareAndSet(false, true)) {
      tell(new CompletionContext<>(Status.SUCCESS, choice, chosen, status()));
    }
  }

  void failed(AttemptFailure failure) {
    if (ended.compareAndSet(false, true)) {
      tell(new CompletionContext<>(Status.FAILED, failure, choice, chosen));
    }
    disposeConnection();
  }

  /** The client left. */
  void abandon() {
    if (ended.compareAndSet(false, true)) {
      tell(new CompletionContext<>(Status.DISCARD, choice, chosen));
    }
    disposeConnection();
  }

  private void tell(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
    route.lifecycles().forEach(lifecycle -> lifecycle.onComplete(completion));
  }

  private void stopTimer() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void disposeConnection() {
    stopTimer();
    Connection on = connection;
    if (on != null) {
      on.dispose();
    }
  }
}
