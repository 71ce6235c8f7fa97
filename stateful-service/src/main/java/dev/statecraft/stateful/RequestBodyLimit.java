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

/** Rejects request bodies that are too large, whether or not the client declares their length. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestBodyLimit extends RequestBodyAdviceAdapter {
  static final int MAX_BYTES = 16 * 1024;

  @Override
  public boolean supports(MethodParameter parameter, Type target, Class<? extends HttpMessageConverter<?>> converter) {
    return true;
  }

  @Override
  public HttpInputMessage beforeBodyRead(HttpInputMessage message, MethodParameter parameter, Type target,
      Class<? extends HttpMessageConverter<?>> converter) throws IOException {
    HttpHeaders headers = message.getHeaders();
    if (headers.getContentLength() > MAX_BYTES) {
      throw tooLarge();
    }
    InputStream body = new LimitedInputStream(message.getBody());
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

  /**
   * Finds the rejection as the cause of an exception of the JSON reader, which would otherwise be answered with 400.
   */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> answer(RejectedRequestException rejection) {
    return ResponseEntity.status(rejection.getStatusCode()).contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(rejection.getBody());
  }

  private static RejectedRequestException tooLarge() {
    return new RejectedRequestException(HttpStatus.CONTENT_TOO_LARGE,
        "The request body is larger than " + MAX_BYTES + " bytes");
  }

  private static final class LimitedInputStream extends FilterInputStream {
    private int remaining = MAX_BYTES;

    LimitedInputStream(InputStream body) {
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
      remaining -= read;
      if (remaining < 0) {
        throw tooLarge();
      }
    }
  }
}
