package dev.statecraft.gateway.trace;

import dev.statecraft.gateway.resilience.AttemptFailure;
import io.micrometer.observation.Observation;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** The span of one attempt. It ends once: by an answer, a failure or cancellation. */
public final class AttemptSpan {
  /** The span of an attempt that is not traced. */
  public static final AttemptSpan NONE = new AttemptSpan(Observation.NOOP, new AttemptContext(), List.of());

  private static final int FIRST_ERROR = 400;

  private final Observation observation;
  private final AttemptContext context;
  private final List<String> fields;

  AttemptSpan(Observation observation, AttemptContext context, List<String> fields) {
    this.observation = observation;
    this.context = context;
    this.fields = fields;
  }

  /** Makes the span the parent of what the node does. A context that the client sent is replaced. */
  public void writeTo(HttpHeaders headers) {
    if (fields.isEmpty()) {
      return;
    }
    for (String field : fields) {
      headers.remove(field);
    }
    HttpHeaders carrier = context.getCarrier();
    if (carrier != null) {
      headers.add(carrier);
    }
  }

  /** Ends the span by an answer that was passed on. */
  public void answered(int status) {
    if (this != NONE) {
      answeredWith(status);
      if (status >= FIRST_ERROR) {
        observation.lowCardinalityKeyValue("error.type", Integer.toString(status));
      }
      observation.stop();
    }
  }

  /**
   * Ends the span by a failure.
   *
   * @param status of the answer; 0 without one
   */
  public void failed(AttemptFailure failure, int status) {
    if (this != NONE) {
      if (status > 0) {
        answeredWith(status);
      }
      observation.lowCardinalityKeyValue("error.type", failure.kind().name().toLowerCase(Locale.ROOT));
      observation.error(failure).stop();
    }
  }

  /** Ends the span, because the client disconnected. */
  public void cancelled() {
    if (this != NONE) {
      observation.lowCardinalityKeyValue("error.type", "client_disconnected").stop();
    }
  }

  private void answeredWith(int status) {
    observation.lowCardinalityKeyValue("http.response.status_code", Integer.toString(status));
  }
}
