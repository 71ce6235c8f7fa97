package dev.statecraft.session.affinity;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Serves the {@link HandoverEndpoint} over HTTP. */
final class HandoverServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

  private final transient HandoverEndpoint endpoint;

  HandoverServlet(HandoverEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String token = request.getHeader(HandoverToken.HEADER);
    // Without a token no body is read into memory.
    byte[] body = token == null ? new byte[0] : request.getInputStream().readNBytes(MAX_BODY_BYTES);
    String path = Objects.requireNonNullElse(request.getPathInfo(), "");
    HandoverEndpoint.Response result = endpoint.handle(path, token, body);
    response.setStatus(result.status());
    byte[] json = result.body().getBytes(StandardCharsets.UTF_8);
    response.setContentType("application/json");
    response.setContentLength(json.length);
    response.getOutputStream().write(json);
  }
}
