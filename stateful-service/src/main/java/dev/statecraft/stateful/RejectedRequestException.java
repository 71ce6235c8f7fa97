package dev.statecraft.stateful;

import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** The service rejects a request. Answered with a problem document (RFC 9457). */
final class RejectedRequestException extends ErrorResponseException {
  RejectedRequestException(HttpStatus status, String detail) {
    super(status);
    setDetail(detail);
  }
}
