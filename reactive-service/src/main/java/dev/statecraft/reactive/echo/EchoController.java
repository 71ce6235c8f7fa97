package dev.statecraft.reactive.echo;

import dev.statecraft.reactive.server.RequestEventLoops;
import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.node.NodeProperties;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The echo server (RFC 862) over HTTP. Each answer is {@code application/octet-stream}: otherwise a foreign site could
 * make this one serve its page.
 */
@RestController
class EchoController {
  private final NodeProperties properties;
  private final RequestEventLoops loops;

  EchoController(NodeProperties properties, RequestEventLoops loops) {
    this.properties = properties;
    this.loops = loops;
  }

  /** Returns {@code message}. Headers are never returned, because they contain the client's cookies. */
  @GetMapping("/echo")
  ResponseEntity<byte[]> echo(@RequestParam(defaultValue = "") String message) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_OCTET_STREAM)
        .body(message.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns the body while it arrives. Reading pauses while the client does not read, so an echo takes the memory of
   * the few dozen chunks that Reactor Netty writes ahead. The deadline applies until the first byte of the body
   * arrives: how long the rest takes is up to the client. If the client stalls for {@code statecraft.stall-time-out},
   * or the body exceeds its limit, the connection is closed in the middle of the response; HTTP's framing shows that to
   * the client.
   */
  @PostMapping("/echo")
  Mono<Void> echo(ServerHttpRequest request, ServerHttpResponse response) {
    long maxBytes = properties.maximumBody().toBytes();
    long declaredBytes = request.getHeaders().getContentLength();
    if (declaredBytes > maxBytes) {
      return Mono.error(tooLarge(maxBytes));
    }
    Deadline deadline = Deadline.of(request.getHeaders(), properties.deadline());
    response.getHeaders().setContentType(MediaType.APPLICATION_OCTET_STREAM);
    if (declaredBytes >= 0) {
      response.getHeaders().setContentLength(declaredBytes);
    }
    // Timed on the connection's event loop: another thread could cancel while a chunk is handed on, and leak the chunk.
    Flux<DataBuffer> body = Flux.defer(() -> limit(request.getBody(), maxBytes))
        .timeout(Mono.delay(deadline.remaining(), loops.timers(request)));
    return response.writeAndFlushWith(body.map(Mono::just))
        .onErrorResume(_ -> response.isCommitted(), _ -> abort(response))
        .onErrorMap(TimeoutException.class, _ -> Deadline.exceededBefore("the first byte of the body arrived"))
        .doOnDiscard(Publisher.class, EchoController::release);
  }

  /** Releases a chunk that waits to be written to a client that has disconnected; it has no other subscriber. */
  private static void release(Publisher<?> chunk) {
    var _ = Mono.from(chunk).subscribe(ReferenceCountUtil::release);
  }

  /** Closes the connection, because a response that merely ends would look complete. */
  private static Mono<Void> abort(ServerHttpResponse response) {
    HttpServerResponse nettyResponse = ServerHttpResponseDecorator.getNativeResponse(response);
    nettyResponse.withConnection(Connection::dispose);
    return Mono.empty();
  }

  private static Flux<DataBuffer> limit(Flux<DataBuffer> body, long maxBytes) {
    long[] total = new long[1];
    return body.handle((buffer, sink) -> {
      total[0] += buffer.readableByteCount();
      if (total[0] <= maxBytes) {
        sink.next(buffer);
      } else {
        DataBufferUtils.release(buffer);
        sink.error(tooLarge(maxBytes));
      }
    });
  }

  private static ResponseStatusException tooLarge(long maxBytes) {
    return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than " + maxBytes + " bytes.");
  }
}
