package dev.statecraft.reactive.server;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Puts a {@link PromptRefusal} into each connection, behind what decodes its requests. Thread-safe. */
@Component
class PromptRefusals implements NettyServerCustomizer {
  private final Shedding shedding;

  PromptRefusals(Shedding shedding) {
    this.shedding = shedding;
  }

  @Override
  public HttpServer apply(HttpServer server) {
    return server.doOnChannelInit((_, connection, _) -> connection.pipeline()
        .addAfter(NettyPipeline.HttpCodec, "prompt-refusal", new PromptRefusal(shedding)));
  }
}
