package dev.statecraft.reactive;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Answers from the request alone, so that any replica gives the same answer. */
@RestController
class EchoController {
  private final NodeProperties properties;

  EchoController(NodeProperties properties) {
    this.properties = properties;
  }

  @GetMapping("/whoami")
  WhoAmI whoami() {
    return new WhoAmI("reactive-service", properties.node());
  }

  /**
   * Sends the body back as it came, byte for byte (RFC 862 over HTTP). Always as {@code application/octet-stream}: a
   * body that names its own type would let one site's page be served from another.
   */
  @PostMapping("/echo")
  Mono<ResponseEntity<byte[]>> echo(ServerHttpRequest request) {
    int maximum = properties.maximumBodyBytes();
    return DataBufferUtils.join(request.getBody(), maximum).map(EchoController::bytes).defaultIfEmpty(new byte[0])
        .map(body -> ResponseEntity.ok().contentType(MediaType.APPLICATION_OCTET_STREAM).body(body))
        .onErrorMap(DataBufferLimitException.class, _ -> new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
            "The body is larger than " + maximum + " bytes."));
  }

  private static byte[] bytes(DataBuffer buffer) {
    try {
      byte[] bytes = new byte[buffer.readableByteCount()];
      buffer.read(bytes);
      return bytes;
    } finally {
      DataBufferUtils.release(buffer);
    }
  }

  record WhoAmI(String service, String node) {}
}
