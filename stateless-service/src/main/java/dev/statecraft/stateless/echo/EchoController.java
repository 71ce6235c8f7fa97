package dev.statecraft.stateless.echo;

import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.ClientConnections;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The echo server (RFC 862) over HTTP. Each answer is {@code application/octet-stream}: otherwise a foreign site could
 * make this one serve its page.
 */
@RestController
class EchoController {
  private static final Logger log = LoggerFactory.getLogger(EchoController.class);
  private static final int CHUNK_BYTES = 8_192;

  private final NodeProperties properties;
  private final ClientConnections clients;

  EchoController(NodeProperties properties, ClientConnections clients) {
    this.properties = properties;
    this.clients = clients;
  }

  /** Returns {@code message}. Headers are never returned, because they contain the client's cookies. */
  @GetMapping("/echo")
  ResponseEntity<byte[]> echo(@RequestParam(defaultValue = "") String message) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_OCTET_STREAM)
        .body(message.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns the body while it arrives, in the memory of one chunk. The deadline applies until the first byte of it
   * arrives: how long the rest takes is up to the client. If a read or write waits longer than
   * {@code server.tomcat.connection-timeout}, or the body exceeds its limit, the connection is closed in the middle of
   * the response; HTTP's framing shows that to the client.
   */
  @PostMapping("/echo")
  void echo(HttpServletRequest request, HttpServletResponse response, @RequestHeader HttpHeaders headers)
      throws IOException {
    long maxBytes = properties.maximumBody().toBytes();
    long declaredBytes = request.getContentLengthLong();
    if (declaredBytes > maxBytes) {
      throw tooLarge(maxBytes);
    }
    Deadline deadline = Deadline.of(headers, properties.deadline());
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    if (declaredBytes >= 0) {
      response.setContentLengthLong(declaredBytes);
    }
    try {
      copy(request, response, deadline);
    } catch (IOException e) {
      log.debug("Echo aborted", e);
      try (ClientConnection client = clients.current()) {
        client.abort();
      }
    }
  }

  private void copy(HttpServletRequest request, HttpServletResponse response, Deadline deadline) throws IOException {
    InputStream in = request.getInputStream();
    OutputStream out = response.getOutputStream();
    byte[] chunk = new byte[CHUNK_BYTES];
    long maxBytes = properties.maximumBody().toBytes();
    long total = 0;
    // Tomcat closes the request with the last byte of a response of declared length, so no read may follow it.
    while (total != request.getContentLengthLong()) {
      int read = in.read(chunk);
      if (read < 0) {
        return;
      }
      boolean late = total == 0 && deadline.hasPassed();
      total += read;
      if (total > maxBytes || late) {
        if (response.isCommitted()) {
          throw new IOException("The body is too large");
        }
        response.resetBuffer();
        response.setContentType(null);
        response.setContentLengthLong(-1);
        throw total > maxBytes ? tooLarge(maxBytes) : Deadline.exceededBefore("the first byte of the body arrived");
      }
      out.write(chunk, 0, read);
      if (in.available() == 0) {
        // The client may wait for this part before it sends the next.
        out.flush();
      }
    }
  }

  private static ResponseStatusException tooLarge(long maxBytes) {
    return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than " + maxBytes + " bytes.");
  }
}
