package dev.statecraft.stateless.call;

import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.Deadline;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Calls other services over HTTP/1.1, blocking. Redirects are not followed. Thread-safe. */
@Component
public class OutboundHttp implements DisposableBean {
  private static final int MAXIMUM_ANSWER_BYTES = 64 * 1024;

  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable HttpClient client;

  /**
   * Makes a call, and ends it early when the deadline passes, the caller leaves or the thread is interrupted. What is
   * left of the deadline goes along in the header {@value Deadline#HEADER}.
   *
   * @throws OutboundCallFailed when no answer came in time, or one that is too large
   */
  public Answer make(HttpRequest.Builder request, Deadline deadline, ClientConnection caller)
      throws OutboundCallFailed, InterruptedException {
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline.leftNanos());
    if (leftMillis == 0) {
      throw late();
    }
    HttpRequest built = request.setHeader(Deadline.HEADER, Long.toString(leftMillis)).build();
    CompletableFuture<HttpResponse<byte[]>> exchange = client().sendAsync(built,
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAXIMUM_ANSWER_BYTES));
    caller.whenLeft(() -> exchange.cancel(true));
    try {
      HttpResponse<byte[]> response = exchange.get(leftMillis, TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException | CancellationException e) {
      throw late();
    } catch (ExecutionException e) {
      throw new OutboundCallFailed(HttpStatus.BAD_GATEWAY, "A service that this one calls did not answer.");
    } finally {
      // Nothing where it is done; else this closes the connection, which tells the other side to stop.
      exchange.cancel(true);
    }
  }

  private static OutboundCallFailed late() {
    return new OutboundCallFailed(HttpStatus.GATEWAY_TIMEOUT, "The deadline passed before the calls were answered.");
  }

  /** Made with the first call, for it costs a start some tens of milliseconds. */
  private HttpClient client() {
    HttpClient made = client;
    if (made != null) {
      return made;
    }
    making.lock();
    try {
      made = client;
      if (made == null) {
        made = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor()).build();
        client = made;
      }
      return made;
    } finally {
      making.unlock();
    }
  }

  @Override
  public void destroy() {
    HttpClient made = client;
    if (made != null) {
      made.shutdownNow();
    }
  }

  /** What came back. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, HttpHeaders headers, byte[] body) {}
}
