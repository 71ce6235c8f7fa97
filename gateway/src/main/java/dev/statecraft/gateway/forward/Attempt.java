package dev.statecraft.gateway.forward;

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
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * One attempt of a request at one node. The lifecycles are told its end once: by answer, failure or cancellation,
 * whichever is first. Thread-safe.
 */
final class Attempt {
  private record Received(HttpClientResponse head, Connection connection) {}

  private final ServedRoute route;
  private final Node node;
  private final Request<RoutingContext> request;
  private final Response<ServiceInstance> chosen;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean sending;
  private volatile @Nullable Received response;
  private volatile @Nullable Future<?> timer;
  private volatile boolean expired;

  Attempt(ServedRoute route, Node node, Request<RoutingContext> request) {
    this.route = route;
    this.node = node;
    this.request = request;
    this.chosen = new DefaultResponse(node);
  }

  Node node() {
    return node;
  }

  void start() {
    route.lifecycles().forEach(lifecycle -> lifecycle.onStartRequest(request, chosen));
  }

  /**
   * Records that the request is being written on a connection. The connection is closed if the answer is not complete,
   * and does not start to stream, within {@code timeout}. A timer of the connection's own event loop is cheaper than
   * one of another thread.
   */
  void startSending(Connection on, Duration timeout) {
    sending = true;
    timer = on.channel().eventLoop().schedule(() -> {
      expired = true;
      var _ = on.channel().close();
    }, timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Records that the answer streams: the time-out of the attempt ends. */
  void startStreaming() {
    cancelTimer();
  }

  /** Tells whether the attempt ended by its time-out. */
  boolean isExpired() {
    return expired;
  }

  boolean isSending() {
    return sending;
  }

  void responseReceived(HttpClientResponse head, Connection on) {
    response = new Received(head, on);
    if (ended.get()) {
      // The attempt ended at the same time, so the response is not read.
      on.dispose();
    }
  }

  HttpClientResponse response() {
    return received().head();
  }

  Connection connection() {
    return received().connection();
  }

  private Received received() {
    Received received = response;
    if (received == null) {
      throw new IllegalStateException("the attempt has no response yet");
    }
    return received;
  }

  int status() {
    return response().status().code();
  }

  void succeeded() {
    cancelTimer();
    if (ended.compareAndSet(false, true)) {
      notifyLifecycles(new CompletionContext<>(Status.SUCCESS, request, chosen, status()));
    }
  }

  void failed(AttemptFailure failure) {
    if (ended.compareAndSet(false, true)) {
      notifyLifecycles(new CompletionContext<>(Status.FAILED, failure, request, chosen));
    }
    disposeConnection();
  }

  /** Records that the client disconnected. */
  void cancelled() {
    if (ended.compareAndSet(false, true)) {
      notifyLifecycles(new CompletionContext<>(Status.DISCARD, request, chosen));
    }
    disposeConnection();
  }

  private void notifyLifecycles(CompletionContext<Integer, ServiceInstance, RoutingContext> completion) {
    route.lifecycles().forEach(lifecycle -> lifecycle.onComplete(completion));
  }

  private void cancelTimer() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void disposeConnection() {
    cancelTimer();
    Received received = response;
    if (received != null) {
      received.connection().dispose();
    }
  }
}
