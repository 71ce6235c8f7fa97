package dev.statecraft.gateway.route;

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
 * A node for {@link FailureWarmUp} that answers every request with success until it is told to die. It then leaves a
 * few requests without an answer, as a process does that is being killed, and after those resets its connections and
 * closes its port. Thread-safe.
 */
final class FailingUpstream implements AutoCloseable {
  private static final int UNANSWERED = 3;
  private static final Duration LONGEST_START = Duration.ofSeconds(2);

  private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private final AtomicInteger unanswered = new AtomicInteger();
  private final DisposableServer server;
  private volatile boolean dying;

  FailingUpstream(EventLoops loops, String host) {
    this.server = HttpServer.create().runOn(loops.all()).host(host).port(0)
        .doOnConnection(connection -> connections.add(connection.channel())).handle(this::answer)
        .bindNow(LONGEST_START);
  }

  String url() {
    return "http://" + server.host() + ':' + server.port();
  }

  /** Dies of one of the next requests. */
  void dieSoon() {
    dying = true;
  }

  @Override
  public void close() {
    server.dispose();
    connections.forEach(channel -> channel.eventLoop().execute(() -> reset(channel)));
  }

  /**
   * As a process does that dies with unread bytes. To be called by the loop: any other may find the socket just closed.
   */
  private static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      var _ = channel.close();
    }
  }

  private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    if (!dying) {
      return response.sendString(Mono.just("{}"));
    }
    if (unanswered.incrementAndGet() == UNANSWERED) {
      close();
    }
    return Mono.never();
  }
}
