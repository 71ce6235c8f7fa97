package dev.statecraft.stateless.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.springframework.web.server.ResponseStatusException;

/** A way to make several calls of which all must succeed. The first failure ends the others. */
sealed interface Composition {
  /**
   * Makes the calls.
   *
   * @return the results, in the order of the calls
   * @throws ResponseStatusException the first failure
   */
  <T> List<T> run(List<Call<T>> calls) throws InterruptedException;

  /** A call that ends early when its thread is interrupted. */
  interface Call<T> {
    T run() throws InterruptedException;
  }

  /** S→A→B→C: each call starts after the result of the previous one. Takes the sum of the times, and one thread. */
  record Sequential() implements Composition {
    @Override
    public <T> List<T> run(List<Call<T>> calls) throws InterruptedException {
      List<T> results = new ArrayList<>();
      for (Call<T> call : calls) {
        results.add(call.run());
      }
      return results;
    }
  }

  /**
   * All calls at once. Takes as long as the slowest, and one thread for each call. No thread outlives the composition,
   * as in structured concurrency (JEP 505), which is still a preview.
   */
  record Parallel(ThreadFactory threads) implements Composition {
    @Override
    public <T> List<T> run(List<Call<T>> calls) throws InterruptedException {
      try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads)) {
        CompletionService<T> completions = new ExecutorCompletionService<>(executor);
        List<Future<T>> results = calls.stream().map(call -> completions.submit(call::run)).toList();
        try {
          for (int completed = 0; completed < results.size(); completed++) {
            completions.take().get();
          }
        } catch (ExecutionException e) {
          executor.shutdownNow();
          if (e.getCause() instanceof ResponseStatusException failure) {
            throw failure;
          }
          throw new IllegalStateException(e.getCause());
        }
        return results.stream().map(Future::resultNow).toList();
      }
    }
  }
}
