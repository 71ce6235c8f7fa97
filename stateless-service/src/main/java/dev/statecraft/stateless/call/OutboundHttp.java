package dev.statecraft.stateless.call;

import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.deadline.DeadlineHeader;
import dev.statecraft.stateless.client.ClientConnection;
import java.net.http.HttpClient;
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
import org.springframework.web.server.ResponseStatusException;

/** Blocking HTTP/1.1 calls to other services. Does not follow redirects. Thread-safe. */
@Component
public class OutboundHttp implements DisposableBean {
  private static final int MAX_RESPONSE_BYTES = 64 * 1024;

  private final ReentrantLock creating = new ReentrantLock();
  private volatile @Nullable HttpClient createdClient;

  /**
   * Sends a request with the time left in {@link DeadlineHeader}. The call ends early when the deadline passes, the
   * client disconnects or the thread is interrupted.
   *
   * @throws ResponseStatusException 504 if the call ended early, 502 if it failed or the response is too large
   */
  public HttpResponse<byte[]> send(HttpRequest.Builder request, Deadline deadline, ClientConnection client)
      throws InterruptedException {
    long remainingMillis = deadline.remainingMillis();
    if (remainingMillis == 0) {
      throw deadlineExceeded();
    }
    HttpRequest built = request.setHeader(DeadlineHeader.NAME, Long.toString(remainingMillis)).build();
    CompletableFuture<HttpResponse<byte[]>> call = httpClient().sendAsync(built,
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_RESPONSE_BYTES));
    client.onDisconnect(() -> call.cancel(true));
    try {
      return call.get(remainingMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | CancellationException e) {
      throw deadlineExceeded();
    } catch (ExecutionException e) {
      throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "A service that this one calls did not answer.", e);
    } finally {
      // Closes the connection of an unfinished call, so the other side stops its work.
      call.cancel(true);
    }
  }

  private static ResponseStatusException deadlineExceeded() {
    return Deadline.exceededBefore("the calls were answered");
  }

  /** Creates the client at the first call, because it takes some tens of milliseconds of the start-up time. */
  private HttpClient httpClient() {
    HttpClient client = createdClient;
    if (client != null) {
      return client;
    }
    creating.lock();
    try {
      client = createdClient;
      if (client == null) {
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor()).build();
        createdClient = client;
      }
      return client;
    } finally {
      creating.unlock();
    }
  }

  @Override
  public void destroy() {
    HttpClient client = createdClient;
    if (client != null) {
      client.shutdownNow();
    }
  }
}
