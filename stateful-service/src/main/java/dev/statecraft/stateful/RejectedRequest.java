package dev.statecraft.stateful;

import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** A request that the service will not serve, and why; answered as a problem document. */
final class RejectedRequest extends ErrorResponseException {
  RejectedRequest(HttpStatus status, String detail) {
    super(status);
    setDetail(detail);
  }
}
