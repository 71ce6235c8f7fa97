package dev.statecraft.reactive.echo;

import dev.statecraft.reactive.NodeProperties;
import dev.statecraft.reactive.client.Deadline;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * The textbook's echo server over HTTP (RFC 862). Every answer is {@code application/octet-stream}: a body that names
 * its own type would let one site's page be served from another.
 */
@RestController
class EchoController {
  private final NodeProperties properties;

  EchoController(NodeProperties properties) {
    this.properties = properties;
  }

  /** Sends {@code message} back. Headers are never echoed, for they carry the cookies of whoever asks. */
  @GetMapping("/echo")
  ResponseEntity<byte[]> echo(@RequestParam(defaultValue = "") String message) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_OCTET_STREAM)
        .body(message.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends the body back as it comes, byte for byte. What a client does not read holds back what is read from it, so
   * that an echo takes the memory of the few dozen chunks that Reactor Netty writes ahead, however large the body. A
   * client that stalls is cut off after {@code statecraft.stall-time-out}, any after {@code statecraft.deadline}; then,
   * or past the largest body, the connection ends with the answer cut short, which HTTP's framing shows to the client.
   */
  @PostMapping("/echo")
  Mono<Void> echo(ServerHttpRequest request, ServerHttpResponse response) {
    long maximum = properties.maximumBody().toBytes();
    long declared = request.getHeaders().getContentLength();
    if (declared > maximum) {
      return Mono.error(tooLarge(maximum));
    }
    String deadline = request.getHeaders().getFirst(Deadline.HEADER);
    Duration left = Duration.ofNanos(Deadline.of(deadline, properties.deadline()).leftNanos());
    response.getHeaders().setContentType(MediaType.APPLICATION_OCTET_STREAM);
    if (declared >= 0) {
      response.getHeaders().setContentLength(declared);
    }
    Flux<DataBuffer> body = Flux.defer(() -> atMost(maximum, request.getBody()));
    return response.writeAndFlushWith(body.map(Mono::just)).timeout(left)
        .onErrorResume(_ -> response.isCommitted(), _ -> cutShort(response))
        .onErrorMap(TimeoutException.class, _ -> new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT,
            "The deadline passed before the body had begun."))
        .doOnDiscard(Publisher.class, EchoController::release);
  }

  /** Gives back a chunk that waits to be written to a client that has left: nobody else subscribes to it any more. */
  private static void release(Publisher<?> chunk) {
    var _ = Mono.from(chunk).subscribe(ReferenceCountUtil::release);
  }

  /** Closes the connection: an answer that is merely ended would look whole. */
  private static Mono<Void> cutShort(ServerHttpResponse response) {
    HttpServerResponse connected = ServerHttpResponseDecorator.getNativeResponse(response);
    connected.withConnection(Connection::dispose);
    return Mono.empty();
  }

  private static Flux<DataBuffer> atMost(long maximum, Flux<DataBuffer> body) {
    long[] total = new long[1];
    return body.handle((buffer, sink) -> {
      total[0] += buffer.readableByteCount();
      if (total[0] <= maximum) {
        sink.next(buffer);
      } else {
        DataBufferUtils.release(buffer);
        sink.error(tooLarge(maximum));
      }
    });
  }

  private static ResponseStatusException tooLarge(long maximum) {
    return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than " + maximum + " bytes.");
  }
}
