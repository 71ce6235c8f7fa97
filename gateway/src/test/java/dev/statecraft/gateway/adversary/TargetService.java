package dev.statecraft.gateway.adversary;

import dev.statecraft.gateway.Backend;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The service behind the gateway, with the resources that attacks need. */
final class TargetService {
  private static final int PART_BYTES = 16 * 1024;
  private static final Duration PART_INTERVAL = Duration.ofMillis(20);

  private TargetService() {}

  static Backend start(String name) {
    return Backend.start(name).withoutRecord().answering(TargetService::answer);
  }

  private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    return switch (request.uri()) {
      // Paced, so that the service does not take all CPU time. It is not what is attacked.
      case "/endless" -> response.send(Flux.interval(PART_INTERVAL).onBackpressureDrop()
          .map(number -> Unpooled.buffer(PART_BYTES).writeZero(PART_BYTES)));
      case "/never", "/unread" -> Mono.never();
      default -> request.receive().then().then(Mono.from(response.sendString(Mono.just("ok"))));
    };
  }
}
