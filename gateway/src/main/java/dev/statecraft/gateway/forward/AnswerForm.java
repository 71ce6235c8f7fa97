package dev.statecraft.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/**
 * How the body of an answer is passed on.
 *
 * @param isBodiless whether the answer has no body, whatever its headers say
 * @param isStreamed whether the body is too long to be read whole, or its length is unknown
 * @param countedBytes bytes of memory that the body needs; 0 if it fits into buffers that each connection has anyway
 */
record AnswerForm(boolean isBodiless, boolean isStreamed, long countedBytes) {
  /** So often is asked for memory. */
  static final int MAX_MEMORY_TRIES = 20;
  static final Duration MEMORY_PAUSE = Duration.ofMillis(50);
  /** A body that is read whole has fewer parts. */
  static final int MAX_PARTS = 1_024;
  private static final int MAX_BUFFERED_BYTES = 64 * 1024;
  private static final int MIN_COUNTED_BYTES = 4 * 1024;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /**
   * Returns the form of an answer.
   *
   * @param head whether the request was HEAD
   * @param headers of the node
   */
  static AnswerForm of(boolean head, int status, HttpHeaders headers) {
    String declared = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    long length = declared == null ? -1 : Long.parseLong(declared);
    if (head || status == NO_CONTENT || status == NOT_MODIFIED || length == 0) {
      return new AnswerForm(true, false, 0);
    }
    if (length > 0 && length <= MAX_BUFFERED_BYTES) {
      return new AnswerForm(false, false, length < MIN_COUNTED_BYTES ? 0 : length);
    }
    return new AnswerForm(false, true, MAX_BUFFERED_BYTES);
  }

  /** The answer if there is no memory for the body. */
  static GatewayProblem tooManyBytes() {
    return new GatewayProblem(HttpStatus.BAD_GATEWAY,
        "Too many bytes are in flight. The request may have been executed.");
  }
}
