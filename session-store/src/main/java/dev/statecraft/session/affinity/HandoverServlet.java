package dev.statecraft.session.affinity;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Where peers find the {@link HandoverEndpoint}. */
final class HandoverServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final int LARGEST_BODY = 64 * 1024 * 1024;

  private final transient HandoverEndpoint desk;

  HandoverServlet(HandoverEndpoint desk) {
    this.desk = desk;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String token = request.getHeader(HandoverToken.HEADER);
    // Nobody fills this node's memory without showing a token first.
    byte[] body = token == null ? new byte[0] : request.getInputStream().readNBytes(LARGEST_BODY);
    HandoverEndpoint.Answer answer = desk.answer(Objects.requireNonNullElse(request.getPathInfo(), ""), token, body);
    response.setStatus(answer.status());
    byte[] json = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setContentType("application/json");
    response.setContentLength(json.length);
    response.getOutputStream().write(json);
  }
}
