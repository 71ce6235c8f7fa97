package dev.statecraft.stateful;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Names the node on every answer, and turns the errors that Spring MVC never sees, such as a request line that cannot
 * be parsed, into problem documents (RFC 9457). It stands before all filters, so that nothing is answered around it.
 */
final class ProblemValve extends ErrorReportValve {
  private static final String SERVED_BY = "X-Served-By";

  private final String node;

  ProblemValve(String node) {
    this.node = node;
    setShowReport(false);
    setShowServerInfo(false);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    response.setHeader(SERVED_BY, node);
    super.invoke(request, response);
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable thrown) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    HttpStatus known = HttpStatus.resolve(status);
    // Nothing here comes from the client, so nothing needs to be escaped.
    String problem = "{\"type\":\"about:blank\",\"title\":\"" + (known == null ? "Error" : known.getReasonPhrase())
        + "\",\"status\":" + status + "}";
    byte[] body = problem.getBytes(StandardCharsets.UTF_8);
    try {
      response.setHeader(SERVED_BY, node);
      response.setContentType("application/problem+json");
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      // The client is gone, or has got its answer already.
      return;
    }
  }
}
