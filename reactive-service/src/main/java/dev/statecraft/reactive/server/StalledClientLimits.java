package dev.statecraft.reactive.server;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;

/** Limits the time and memory that a client takes when it stops reading or sending. */
@Component
class StalledClientLimits implements NettyServerCustomizer {
  private static final int MAX_READ_BYTES = 8_192;

  private final Duration timeout;

  StalledClientLimits(ServerProperties properties) {
    this.timeout = properties.stallTimeOut();
  }

  @Override
  public HttpServer apply(HttpServer server) {
    return server.readTimeout(timeout)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(1_024, 2_048, MAX_READ_BYTES))
        .doOnChannelInit((_, connection, _) -> connection.pipeline()
            .addFirst(new WriteTimeoutHandler(timeout.toMillis(), TimeUnit.MILLISECONDS), new BackpressureHandler()));
  }
}
