package dev.statecraft.stateless;

import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Answers from the request alone, so that any replica gives the same answer. */
@RestController
class EchoController {
  private final NodeProperties properties;

  EchoController(NodeProperties properties) {
    this.properties = properties;
  }

  @GetMapping("/whoami")
  WhoAmI whoami() {
    return new WhoAmI("stateless-service", properties.node());
  }

  /**
   * Sends the body back as it came, byte for byte (RFC 862 over HTTP). Always as {@code application/octet-stream}: a
   * body that names its own type would let one site's page be served from another.
   */
  @PostMapping("/echo")
  ResponseEntity<byte[]> echo(InputStream request) throws IOException {
    int maximum = properties.maximumBodyBytes();
    byte[] body = request.readNBytes(maximum + 1);
    if (body.length > maximum) {
      throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than " + maximum + " bytes.");
    }
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_OCTET_STREAM).body(body);
  }

  record WhoAmI(String service, String node) {}
}
