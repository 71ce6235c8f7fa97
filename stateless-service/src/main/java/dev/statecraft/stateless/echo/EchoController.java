package dev.statecraft.stateless.echo;

import dev.statecraft.stateless.NodeProperties;
import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.ClientConnections;
import dev.statecraft.stateless.client.Deadline;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The textbook's echo server over HTTP (RFC 862). Every answer is {@code application/octet-stream}: a body that names
 * its own type would let one site's page be served from another.
 */
@RestController
class EchoController {
  private static final Logger log = LoggerFactory.getLogger(EchoController.class);
  private static final int CHUNK_BYTES = 8_192;

  private final NodeProperties properties;
  private final ClientConnections callers;

  EchoController(NodeProperties properties, ClientConnections callers) {
    this.properties = properties;
    this.callers = callers;
  }

  /** Sends {@code message} back. Headers are never echoed, for they carry the cookies of whoever asks. */
  @GetMapping("/echo")
  ResponseEntity<byte[]> echo(@RequestParam(defaultValue = "") String message) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_OCTET_STREAM)
        .body(message.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends the body back as it comes, byte for byte, in the memory of one chunk. Each read and write waits for the
   * client no longer than {@code server.tomcat.connection-timeout}, the whole no longer than
   * {@code statecraft.deadline}; after either, or past the largest body, the connection ends with the answer cut short,
   * which HTTP's framing shows to the client.
   */
  @PostMapping("/echo")
  void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
    long maximum = properties.maximumBody().toBytes();
    long declared = request.getContentLengthLong();
    if (declared > maximum) {
      throw tooLarge(maximum);
    }
    Deadline deadline = Deadline.of(request.getHeader(Deadline.HEADER), properties.deadline());
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    if (declared >= 0) {
      response.setContentLengthLong(declared);
    }
    try {
      copy(request, response, deadline);
    } catch (IOException e) {
      log.debug("Cut an echo short", e);
      try (ClientConnection caller = callers.current()) {
        caller.hangUp();
      }
    }
  }

  private void copy(HttpServletRequest request, HttpServletResponse response, Deadline deadline) throws IOException {
    InputStream in = request.getInputStream();
    OutputStream out = response.getOutputStream();
    byte[] chunk = new byte[CHUNK_BYTES];
    long maximum = properties.maximumBody().toBytes();
    long total = 0;
    // With the last byte of an answer of declared length, Tomcat closes the request as well.
    while (total != request.getContentLengthLong()) {
      int read = in.read(chunk);
      if (read < 0) {
        return;
      }
      total += read;
      if (total > maximum && !response.isCommitted()) {
        response.resetBuffer();
        response.setContentType(null);
        throw tooLarge(maximum);
      }
      if (total > maximum || deadline.passed()) {
        throw new IOException("the body is too large, or took too long");
      }
      out.write(chunk, 0, read);
      if (in.available() == 0) {
        // The client may wait for this part before it sends the next.
        out.flush();
      }
    }
  }

  private static ResponseStatusException tooLarge(long maximum) {
    return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than " + maximum + " bytes.");
  }
}
