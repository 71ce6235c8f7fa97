package dev.statecraft.benchmark;

import dev.statecraft.benchmark.HttpConnection.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Closed-loop load: each connection sends its next request when the last one is answered, and has sessions of its own.
 *
 * @param connections that send at the same time
 * @param requests of each connection
 */
record Load(int connections, int requests) {
  private static final long START_TIMEOUT_SECONDS = 120;
  private static final String LOGIN = HttpConnection.request("POST /session HTTP/1.1", "", "{\"user\":\"ada\"}");

  private record Interval(long start, long end) {}

  /**
   * Sends the requests.
   *
   * @return requests for each second
   * @throws IOException if one is not answered with success
   */
  double run(int port, Workload workload) throws IOException, InterruptedException {
    CyclicBarrier start = new CyclicBarrier(connections);
    Callable<Interval> connection = () -> measure(port, workload, start);
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      List<Future<Interval>> results = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        results.add(threads.submit(connection));
      }
      long first = Long.MAX_VALUE;
      long last = Long.MIN_VALUE;
      Throwable failure = null;
      for (Future<Interval> result : results) {
        try {
          Interval interval = result.get();
          first = Math.min(first, interval.start());
          last = Math.max(last, interval.end());
        } catch (ExecutionException e) {
          // The connection that failed says why; the others only that it did not come to the start.
          failure = failure instanceof IOException ? failure : e.getCause();
        }
      }
      if (failure != null) {
        throw new IOException("A request failed: " + failure.getMessage(), failure);
      }
      return (double) connections * requests / (last - first) * TimeUnit.SECONDS.toNanos(1);
    }
  }

  private Interval measure(int port, Workload workload, CyclicBarrier start) throws Exception {
    try (HttpConnection connection = new HttpConnection(port)) {
      List<String> messages = new ArrayList<>();
      for (int session = 0; session < workload.sessions(requests); session++) {
        String cookie = succeed(connection, LOGIN).cookie();
        if (workload == Workload.READS) {
          for (int item = 0; item < Workload.ITEMS_PER_SESSION; item++) {
            succeed(connection, Workload.ADDS.request(cookie));
          }
        }
        messages.add(workload.request(cookie));
      }
      start.await(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      long began = System.nanoTime();
      for (int request = 0; request < requests; request++) {
        succeed(connection, messages.get(request % messages.size()));
      }
      return new Interval(began, System.nanoTime());
    } catch (IOException e) {
      start.reset();
      throw e;
    }
  }

  private static Answer succeed(HttpConnection connection, String request) throws IOException {
    Answer answer = connection.exchange(request);
    if (answer.status() / 100 != 2) {
      throw new IOException("'" + request.lines().findFirst().orElse("") + "' was answered " + answer.status());
    }
    return answer;
  }
}
