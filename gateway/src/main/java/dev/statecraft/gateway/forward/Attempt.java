package dev.statecraft.gateway.forward;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.channel.EventLoopTask;
import dev.statecraft.gateway.channel.NodeChannel;
import dev.statecraft.gateway.channel.NodeTimer;
import dev.statecraft.gateway.channel.PacedBody;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import dev.statecraft.gateway.trace.AttemptSpan;
import dev.statecraft.gateway.websocket.Tunnel;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.loadbalancer.Request;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * One attempt of a request at one node. The lifecycles are told its end once: by answer, failure or cancellation,
 * whichever is first. The node has a limited time while it is its turn, and none passes while the gateway waits for the
 * client. Thread-safe.
 */
final class Attempt {
  private record Received(HttpClientResponse head, Connection connection) {}

  private final ServedRoute route;
  private final RoutingContext context;
  private final AttemptReport report;
  private final LongSupplier nanoTime;
  private volatile @Nullable Connection connection;
  private volatile @Nullable Received response;
  private volatile @Nullable NodeTimer timer;
  private volatile @Nullable Tunnel tunnel;
  private volatile boolean expired;
  private volatile boolean clientAborted;
  private volatile boolean hurried;
  @GuardedBy("this")
  private Duration answerLimit = Duration.ZERO;
  @GuardedBy("this")
  private boolean uploadAwaitsClient;
  @GuardedBy("this")
  private boolean streaming;
  @GuardedBy("this")
  private boolean streamAwaitsNode;

  Attempt(ServedRoute route, Node node, Request<RoutingContext> request, RoutingContext context,
      LongSupplier nanoTime) {
    this.route = route;
    this.context = context;
    this.report = new AttemptReport(route, node, request);
    this.nanoTime = nanoTime;
  }

  Node node() {
    return report.node();
  }

  void start() {
    report.start();
  }

  /** Sets the span, which ends when the attempt ends. */
  void trace(AttemptSpan started) {
    report.trace(started);
  }

  AttemptSpan span() {
    return report.span();
  }

  /** Sets the permit, which is given back when the attempt ends. */
  void permit(Lease acquired) {
    report.permit(acquired);
  }

  /**
   * Records that the request is being written on a connection. The connection is reset if the answer is not complete,
   * and does not start to stream, while the node has its turn for {@code limit}.
   */
  void startSending(Connection on, Duration limit) {
    connection = on;
    timer = new NodeTimer(on.channel().eventLoop(), nanoTime, this::expire);
    awaitAnswer(limit);
  }

  /** Restarts the time of the node, because it has the whole request only now. */
  void awaitAnswer(Duration limit) {
    synchronized (this) {
      answerLimit = limit;
    }
    giveTurn();
  }

  /** Returns whose turn it is while the body of the request is streamed to the node. */
  PacedBody.Turns upload(Runnable sent) {
    return new PacedBody.Turns() {
      @Override
      public void awaitPart() {
        uploadAwaitsClient(true);
      }

      @Override
      public void awaitReader() {
        uploadAwaitsClient(false);
      }

      @Override
      public void end() {
        uploadAwaitsClient(false);
        sent.run();
      }
    };
  }

  private void uploadAwaitsClient(boolean awaits) {
    synchronized (this) {
      uploadAwaitsClient = awaits;
    }
    giveTurn();
  }

  /** Returns whose turn it is while the answer is streamed to the client. */
  PacedBody.Turns download() {
    return new PacedBody.Turns() {
      @Override
      public void awaitPart() {
        streamAwaitsNode(true);
      }

      @Override
      public void awaitReader() {
        streamAwaitsNode(false);
      }

      @Override
      public void end() {
        streamAwaitsNode(false);
      }
    };
  }

  private void streamAwaitsNode(boolean awaits) {
    synchronized (this) {
      streaming = true;
      streamAwaitsNode = awaits;
    }
    giveTurn();
  }

  private void giveTurn() {
    NodeTimer running = timer;
    if (running == null) {
      return;
    }
    Duration limit;
    synchronized (this) {
      boolean nodesTurn = !uploadAwaitsClient && (!streaming || streamAwaitsNode);
      limit = !nodesTurn ? Duration.ZERO : streaming ? route.settings().bodyIdleTimeout() : answerLimit;
    }
    if (limit.isZero()) {
      running.pause();
    } else {
      running.start(limit);
    }
  }

  private void expire() {
    expired = true;
    resetConnection();
  }

  /** Records that the client did not send the rest of its body. */
  void clientAborted() {
    clientAborted = true;
  }

  /** Sets whether the node is given less time than it may take. */
  void hurried(boolean less) {
    hurried = less;
  }

  /** Returns what an error of this attempt means. */
  AttemptFailure failure(Throwable error) {
    if (clientAborted) {
      return AttemptFailure.of(Kind.CLIENT_ABORTED);
    }
    if (expired) {
      return AttemptFailure.of(isStreaming() ? Kind.STALLED : hurried ? Kind.OUT_OF_TIME : Kind.TIMED_OUT);
    }
    return error instanceof AttemptFailure known ? known : AttemptFailure.of(error, connection != null);
  }

  private synchronized boolean isStreaming() {
    return streaming;
  }

  boolean isEnded() {
    return report.isEnded();
  }

  /** Returns the connection to the node. */
  Channel channel() {
    return Objects.requireNonNull(connection, "not connected yet").channel();
  }

  void responseReceived(HttpClientResponse head, Connection on) {
    response = new Received(head, on);
    if (report.isEnded()) {
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

  /** Takes over the connection of the node for a tunnel, while the head of its answer 101 is handled. */
  void openTunnel(Connection on) {
    tunnel = Tunnel.open(on.channel());
  }

  @Nullable
  Tunnel tunnel() {
    return tunnel;
  }

  /** Records that the node has accepted a WebSocket. Its connection is not one of the pool any more. */
  void switchedProtocols() {
    passedOn();
    streamAwaitsNode(false);
    report.releasePermit();
  }

  int status() {
    return response().status().code();
  }

  /** Records that the answer is passed on to the client: its head, and the whole body if that is short. */
  void passedOn() {
    report.passedOn(context, status());
  }

  void succeeded() {
    closeTimer();
    report.succeeded(report.isEnded() ? 0 : status());
  }

  void failed(AttemptFailure failure) {
    closeTimer();
    if (report.failed(failure, response == null ? 0 : status())) {
      resetConnection();
    }
  }

  /** Records that the client disconnected, unless the attempt has ended. */
  void cancelled() {
    closeTimer();
    if (report.cancelled()) {
      resetConnection();
    }
  }

  private void closeTimer() {
    NodeTimer running = timer;
    if (running != null) {
      running.close();
    }
  }

  private void resetConnection() {
    Connection on = connection;
    if (on != null) {
      Channel channel = on.channel();
      var _ = EventLoopTask.run(channel.eventLoop(), () -> NodeChannel.reset(channel));
    }
  }
}
