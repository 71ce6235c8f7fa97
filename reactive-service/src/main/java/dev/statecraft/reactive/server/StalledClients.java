package dev.statecraft.reactive.server;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;

/** Bounds what a client that does not read or send can hold: time, and memory. */
@Component
class StalledClients implements NettyServerCustomizer {
  private static final int LARGEST_READ_BYTES = 8_192;

  private final ServerProperties properties;

  StalledClients(ServerProperties properties) {
    this.properties = properties;
  }

  @Override
  public HttpServer apply(HttpServer server) {
    long millis = properties.stallTimeOut().toMillis();
    return server.readTimeout(properties.stallTimeOut())
        .childOption(ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(1_024, 2_048, LARGEST_READ_BYTES))
        .doOnChannelInit((_, connection, _) -> connection.pipeline()
            .addFirst(new WriteTimeoutHandler(millis, TimeUnit.MILLISECONDS), new ReadsWhileWritable()));
  }
}
