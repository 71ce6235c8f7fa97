package dev.statecraft.stateless.call;

import org.springframework.http.HttpStatus;

/** A call to another service gave no usable answer. Its message is fit to be shown to the client. */
public final class OutboundCallFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final HttpStatus status;

  /**
   * A failure.
   *
   * @param status what to answer the client with
   */
  public OutboundCallFailed(HttpStatus status, String message) {
    super(message);
    this.status = status;
  }

  /** What to answer the client with: 502, 504 where the time was too short, or 508 where the calls run in a circle. */
  public HttpStatus status() {
    return status;
  }
}
