package dev.statecraft.stateful;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Requests that change the cart and wait before they answer, so that a test can let others overtake them. Spring
 * Session saves the session at a different moment for each kind of answer: at the end of the request, when the body is
 * flushed, or in the middle of a body that is larger than the buffers.
 */
@RestController
class OverlappingRequests {
  static final List<String> KINDS = List.of("nothing", "small", "flushed", "large");

  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore released = new Semaphore(0);

  void awaitArrival() throws InterruptedException {
    if (!arrived.tryAcquire(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException("No request arrived");
    }
  }

  void release() {
    released.release();
  }

  @PostMapping("/overlap/nothing")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void nothing(@RequestParam String item, HttpServletRequest request) throws InterruptedException {
    append(item, request);
  }

  @PostMapping("/overlap/small")
  List<String> small(@RequestParam String item, HttpServletRequest request) throws InterruptedException {
    append(item, request);
    return List.of(item);
  }

  @PostMapping("/overlap/flushed")
  ResponseEntity<List<String>> flushed(@RequestParam String item, HttpServletRequest request)
      throws InterruptedException {
    append(item, request);
    return ResponseEntity.status(HttpStatus.CREATED).header("X-Kind", "flushed").body(List.of(item));
  }

  @PostMapping("/overlap/large")
  List<String> large(@RequestParam String item, HttpServletRequest request) throws InterruptedException {
    append(item, request);
    return Collections.nCopies(5_000, "some text to fill the buffers");
  }

  /** Appends without waiting. */
  @PostMapping("/append/{kind}")
  Object append(@PathVariable String kind, @RequestParam String item, HttpServletRequest request)
      throws InterruptedException {
    release();
    Object answer = switch (kind) {
      case "flushed" -> flushed(item, request);
      case "large" -> large(item, request);
      default -> small(item, request);
    };
    awaitArrival();
    return answer;
  }

  private void append(String item, HttpServletRequest request) throws InterruptedException {
    HttpSession session = LoginSession.of(request);
    session.setAttribute(Cart.ATTRIBUTE, LoginSession.cart(session).with(item).orElseThrow());
    arrived.release();
    if (!released.tryAcquire(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The test did not release the request");
    }
  }
}
