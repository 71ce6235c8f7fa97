package dev.statecraft.stateful;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/** Reads no more of a request's body than any honest one has, whether or not the client said its length. */
@RestControllerAdvice @Order(Ordered.HIGHEST_PRECEDENCE)
final class BodyLimit extends RequestBodyAdviceAdapter {
  static final int MOST_BYTES = 16 * 1024;

  @Override
  public boolean supports(
      MethodParameter parameter, Type target, Class<? extends HttpMessageConverter<?>> converter) {
    return true;
  }

  @Override
  public HttpInputMessage beforeBodyRead(
      HttpInputMessage message, MethodParameter parameter, Type target,
      Class<? extends HttpMessageConverter<?>> converter) throws IOException {
    HttpHeaders headers = message.getHeaders();
    if (headers.getContentLength() > MOST_BYTES) {
      throw tooLarge();
    }
    InputStream body = new Limited(message.getBody());
    return new HttpInputMessage() {
      @Override
      public InputStream getBody() {
        return body;
      }

      @Override
      public HttpHeaders getHeaders() {
        return headers;
      }
    };
  }

  /** Finds the refusal inside what the JSON reader made of it, before anybody takes that for malformed JSON. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(RejectedRequest refusal) {
    return ResponseEntity
        .status(refusal.getStatusCode())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(refusal.getBody());
  }

  private static RejectedRequest tooLarge() {
    return new RejectedRequest(HttpStatus.CONTENT_TOO_LARGE, "A request body may have " + MOST_BYTES + " bytes");
  }

  private static final class Limited extends FilterInputStream {
    private int left = MOST_BYTES;

    Limited(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      if (read >= 0) {
        count(1);
      }
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count(Math.max(read, 0));
      return read;
    }

    private void count(int read) {
      left -= read;
      if (left < 0) {
        throw tooLarge();
      }
    }
  }
}
