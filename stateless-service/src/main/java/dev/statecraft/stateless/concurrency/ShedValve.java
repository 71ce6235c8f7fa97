package dev.statecraft.stateless.concurrency;

import io.micrometer.core.instrument.Counter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Answers 503 to requests for which the model has no room, before Spring sees them. Those for {@code /actuator} pass,
 * so that an overloaded node can still be seen, and is not taken for a dead one. Tomcat closes a connection with the
 * 503 on it; {@link FastRejectResponse} spares most requests that. Thread-safe.
 */
final class ShedValve extends ValveBase {
  private static final byte[] PROBLEM = FastRejectResponse.PROBLEM.getBytes(StandardCharsets.UTF_8);

  private final String node;
  private final Counter shed;

  ShedValve(String node, Counter shed) {
    super(true);
    this.node = node;
    this.shed = shed;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (!Admission.SHED.isBound() || request.getRequestURI().startsWith("/actuator/")) {
      getNext().invoke(request, response);
      return;
    }
    shed.increment();
    drain(request);
    response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setHeader("X-Served-By", node);
    response.setHeader("Retry-After", "1");
    response.setContentType("application/problem+json");
    response.setContentLength(PROBLEM.length);
    response.getOutputStream().write(PROBLEM);
  }

  /**
   * Takes what has come of the body, for a connection closed on unread bytes is reset, and the answer with it; but does
   * not wait for the rest, which a slow client could make take long.
   */
  private static void drain(Request request) throws IOException {
    InputStream body = request.getInputStream();
    byte[] bytes = new byte[8_192];
    while (body.available() > 0 && body.read(bytes) >= 0) {
      // Only to be rid of it.
    }
    request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
  }
}
