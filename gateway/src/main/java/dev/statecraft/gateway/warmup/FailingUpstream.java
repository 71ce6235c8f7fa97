package dev.statecraft.gateway.warmup;

import dev.statecraft.gateway.upstream.EventLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A node for {@link FailureWarmUp}. It answers every request with 200 until {@link #failSoon}. It then leaves a few
 * requests without an answer, as a killed process does, and after those resets its connections and closes its port.
 * Thread-safe.
 */
final class FailingUpstream implements AutoCloseable {
  private static final int UNANSWERED_REQUESTS = 3;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(2);

  private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private final AtomicInteger unanswered = new AtomicInteger();
  private final DisposableServer server;
  private volatile boolean failing;

  FailingUpstream(EventLoops loops, String host) {
    this.server = HttpServer.create().runOn(loops.all()).host(host).port(0)
        .doOnConnection(connection -> connections.add(connection.channel())).handle(this::answer)
        .bindNow(START_TIMEOUT);
  }

  String url() {
    return "http://" + server.host() + ':' + server.port();
  }

  /** Makes the node fail during one of the next requests. */
  void failSoon() {
    failing = true;
  }

  @Override
  public void close() {
    server.dispose();
    connections.forEach(channel -> channel.eventLoop().execute(() -> reset(channel)));
  }

  /**
   * Resets the connection, as the kernel does for a process that dies with unread bytes. Must run on the channel's
   * event loop; on another thread the socket may already be closed.
   */
  private static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      var _ = channel.close();
    }
  }

  private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    if (!failing) {
      return response.sendString(Mono.just("{}"));
    }
    if (unanswered.incrementAndGet() == UNANSWERED_REQUESTS) {
      close();
    }
    return Mono.never();
  }
}
