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
  private final ServedRoute route;
  private final Node node;
  private final Request<RoutingContext> request;
  private final Response<ServiceInstance> chosen;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean sending;
  private volatile @Nullable HttpClientResponse response;
  private volatile @Nullable Connection connection;
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

  void responseReceived(HttpClientResponse answer, Connection on) {
    response = answer;
    connection = on;
    if (ended.get()) {
      // The attempt ended at the same time, so the answer is not read.
      on.dispose();
    }
  }

  HttpClientResponse response() {
    HttpClientResponse answer = response;
    if (answer == null) {
      throw new IllegalStateException("the attempt has no answer yet");
    }
    return answer;
  }

  Connection connection() {
    Connection on = connection;
    if (on == null) {
      throw new IllegalStateException("the attempt has no connection yet");
    }
    return on;
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
    Connection on = connection;
    if (on != null) {
      on.dispose();
    }
  }
}
