package dev.statecraft.reactive.server;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Puts a {@link FastReject} into each connection, behind what decodes its requests. Thread-safe. */
@Component
class FastRejects implements NettyServerCustomizer {
  private final Shedding shedding;

  FastRejects(Shedding shedding) {
    this.shedding = shedding;
  }

  @Override
  public HttpServer apply(HttpServer server) {
    return server.doOnChannelInit((_, connection, _) -> connection.pipeline()
        .addAfter(NettyPipeline.HttpCodec, "prompt-refusal", new FastReject(shedding)));
  }
}
