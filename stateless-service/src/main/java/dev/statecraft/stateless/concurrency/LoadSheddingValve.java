package dev.statecraft.stateless.concurrency;

import dev.statecraft.service.admission.OverloadResponse;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Answers 503 to requests that were not admitted, before Spring handles them. Requests for {@code /actuator} pass, so
 * an overloaded node is observable and does not fail its probes. Tomcat closes the connection after the 503;
 * {@link FastRejectHandler} avoids that for most requests. Thread-safe.
 */
final class LoadSheddingValve extends ValveBase {
  private final OverloadResponse overload;

  LoadSheddingValve(OverloadResponse overload) {
    super(true);
    this.overload = overload;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (!AdmissionExecutor.SHEDDING.isBound() || OverloadResponse.isExempt(request.getRequestURI())) {
      getNext().invoke(request, response);
      return;
    }
    overload.count();
    discardReceivedBody(request);
    response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    overload.headers().forEach(response::setHeader);
    response.getOutputStream().write(overload.body());
  }

  /**
   * Reads the part of the body that has arrived, because closing a connection with unread bytes resets it and the
   * client may lose the answer. Does not wait for the rest, which a slow client could delay.
   */
  private static void discardReceivedBody(Request request) throws IOException {
    InputStream body = request.getInputStream();
    byte[] bytes = new byte[8_192];
    while (body.available() > 0 && body.read(bytes) >= 0) {
      // Discarded.
    }
    request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
  }
}
