package dev.statecraft.stateful;

import dev.statecraft.service.node.NodeProperties;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Names the node in each answer, and answers errors that never reach Spring MVC, such as an unparsable request line,
 * with a problem document (RFC 9457). It runs before all filters, so it sees each answer.
 */
final class ProblemDetailValve extends ErrorReportValve {
  private final String node;

  ProblemDetailValve(String node) {
    this.node = node;
    setShowReport(false);
    setShowServerInfo(false);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    nameNode(response);
    super.invoke(request, response);
  }

  /** Also forbids caches to store the answer: each belongs to one user and one moment. */
  private void nameNode(Response response) {
    response.setHeader(NodeProperties.SERVED_BY_HEADER, node);
    response.setHeader("Cache-Control", "no-store");
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable thrown) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    HttpStatus httpStatus = HttpStatus.resolve(status);
    // No part comes from the client, so nothing needs escaping.
    String problem = "{\"type\":\"about:blank\",\"title\":\""
        + (httpStatus == null ? "Error" : httpStatus.getReasonPhrase()) + "\",\"status\":" + status + "}";
    byte[] body = problem.getBytes(StandardCharsets.UTF_8);
    try {
      nameNode(response);
      response.setContentType("application/problem+json");
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      // The client has disconnected, or has received an answer already.
    }
  }
}
