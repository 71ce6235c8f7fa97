package dev.statecraft.reactive.server;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Adds a {@link FastRejectHandler} to each connection, after the decoder of its requests. Thread-safe. */
@Component
class FastRejectCustomizer implements NettyServerCustomizer {
  private final LoadShedding shedding;

  FastRejectCustomizer(LoadShedding shedding) {
    this.shedding = shedding;
  }

  @Override
  public HttpServer apply(HttpServer server) {
    return server.doOnChannelInit((_, connection, _) -> connection.pipeline().addAfter(NettyPipeline.HttpCodec,
        "fast-reject", new FastRejectHandler(shedding)));
  }
}
