package dev.statecraft.stateless.fanout;

import dev.statecraft.stateless.call.OutboundCallFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** A way to make several calls, all of which must succeed: the first failure ends the rest. */
sealed interface Composition {
  /**
   * Makes the calls.
   *
   * @return the answers, in the order of the calls
   * @throws OutboundCallFailed the first failure in time
   */
  <T> List<T> make(List<Call<T>> calls) throws OutboundCallFailed, InterruptedException;

  /** One call, which ends early when its thread is interrupted. */
  interface Call<T> {
    T make() throws OutboundCallFailed, InterruptedException;
  }

  /** S→A→B→C: each call after the answer to the one before. Takes as long as all together, and no thread more. */
  record Sequential() implements Composition {
    @Override
    public <T> List<T> make(List<Call<T>> calls) throws OutboundCallFailed, InterruptedException {
      List<T> answers = new ArrayList<>();
      for (Call<T> call : calls) {
        answers.add(call.make());
      }
      return answers;
    }
  }

  /**
   * A, B and C at once, each on a thread of its own. Takes as long as the slowest, and a thread for each call. No
   * thread outlives the composition: what JEP 505's structured concurrency, still a preview in this JDK, is there for,
   * done with an executor that closes.
   */
  record Parallel(ThreadFactory threads) implements Composition {
    @Override
    public <T> List<T> make(List<Call<T>> calls) throws OutboundCallFailed, InterruptedException {
      try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads)) {
        CompletionService<T> inTime = new ExecutorCompletionService<>(executor);
        List<Future<T>> answers = calls.stream().map(call -> inTime.submit(call::make)).toList();
        try {
          for (int answered = 0; answered < answers.size(); answered++) {
            inTime.take().get();
          }
        } catch (ExecutionException e) {
          executor.shutdownNow();
          if (e.getCause() instanceof OutboundCallFailed failed) {
            throw failed;
          }
          throw new IllegalStateException(e.getCause());
        }
        return answers.stream().map(Future::resultNow).toList();
      }
    }
  }
}
