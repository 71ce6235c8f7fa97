package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.admission.AdmissionEstimator.Ticket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;

class ConcurrencyModelTest {
  private final CountDownLatch release = new CountDownLatch(1);
  private final Queue<Thread> serving = new ConcurrentLinkedQueue<>();

  @AfterEach
  void releaseAll() {
    release.countDown();
  }

  @Test
  void iterativeServesOneAndQueuesOthers() {
    try (IterativeModel model = new IterativeModel(new TomcatServerProperties())) {
      serve(model, 3);
      awaitServing(1);
      assertThat(model.queued()).isEqualTo(2);
      assertThat(model.liveThreads()).isEqualTo(1);
      release.countDown();
      awaitServing(3);
      assertThat(serving.stream().distinct()).hasSize(1);
    }
  }

  @Test
  void threadPerRequestStartsThreadsUpToItsLimit() {
    try (ThreadPerRequestModel model = new ThreadPerRequestModel(new ThreadPerRequestModel.Limits(3))) {
      serve(model, 3);
      awaitServing(3);
      assertThat(serving).doesNotHaveDuplicates().noneMatch(Thread::isVirtual);
      assertRejectsUntilReleased(model);
      assertThat(serving).doesNotHaveDuplicates();
    }
  }

  @Test
  void threadPerRequestRejectsWhileThreadsStartSlowly() {
    try (ThreadPerRequestModel model = new ThreadPerRequestModel(new ThreadPerRequestModel.Limits(9),
        SlowlyStartingThread::new)) {
      serve(model, 9);
      assertThat(serving).isEmpty();
      assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> serve(model, 1));
      release.countDown();
      awaitServing(9);
    }
  }

  @Test
  void threadPerRequestServesRequestWithoutNewThread() {
    try (ThreadPerRequestModel model = new ThreadPerRequestModel(new ThreadPerRequestModel.Limits(1),
        UnavailableThread::new)) {
      release.countDown();
      serve(model, 1);
      awaitServing(1);
      assertThat(serving.element().getName()).startsWith("starter-");
      await().atMost(Duration.ofSeconds(30)).until(() -> model.liveThreads() == 0);
    }
  }

  @Test
  void virtualThreadsStartsThreadsUpToItsLimit() {
    try (VirtualThreadsModel model = new VirtualThreadsModel(new VirtualThreadsModel.Limits(3))) {
      serve(model, 3);
      awaitServing(3);
      assertThat(serving).doesNotHaveDuplicates().allMatch(Thread::isVirtual);
      assertRejectsUntilReleased(model);
    }
  }

  @Test
  void virtualThreadsRejectsWhileStartsWaitTooLong() {
    AtomicLong now = new AtomicLong();
    AdmissionEstimator startWaits = new AdmissionEstimator(VirtualThreadsModel.MAX_START_WAIT, now::get);
    try (VirtualThreadsModel model = new VirtualThreadsModel(new VirtualThreadsModel.Limits(3), startWaits)) {
      Ticket started = startWaits.join();
      Ticket waiting = startWaits.join();
      now.addAndGet(2 * VirtualThreadsModel.MAX_START_WAIT.toNanos());
      startWaits.leave(started);
      assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> serve(model, 1));

      startWaits.leave(waiting);
      serve(model, 1);
      awaitServing(1);
      release.countDown();
    }
  }

  @Test
  void poolGrowsThenQueuesThenRejectsThenShrinks() {
    try (PoolModel model = new PoolModel(new PoolModel.Limits(2, 4, Duration.ofMillis(10), 3))) {
      assertThat(model.liveThreads()).as("created in advance").isEqualTo(2);
      serve(model, 4);
      awaitServing(4);
      assertThat(model.liveThreads()).isEqualTo(4);
      serve(model, 3);
      assertThat(model.queued()).isEqualTo(3);
      assertRejectsUntilReleased(model);
      await().atMost(Duration.ofSeconds(30)).until(() -> model.liveThreads() == 2);
    }
  }

  private void assertRejectsUntilReleased(ConcurrencyModel model) {
    int served = serving.size() + model.queued();
    assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> serve(model, 1));
    release.countDown();
    awaitServing(served);
    await().atMost(Duration.ofSeconds(30)).ignoreException(RejectedExecutionException.class).until(() -> {
      serve(model, 1);
      return true;
    });
    awaitServing(served + 1);
  }

  private void serve(ConcurrencyModel model, int times) {
    for (int i = 0; i < times; i++) {
      model.execute(() -> {
        serving.add(Thread.currentThread());
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }
  }

  private void awaitServing(int times) {
    await().atMost(Duration.ofSeconds(30)).until(() -> serving.size() == times);
  }

  private final class SlowlyStartingThread extends Thread {
    SlowlyStartingThread(Runnable request) {
      super(request);
    }

    @Override
    public void start() {
      try {
        release.await();
      } catch (InterruptedException e) {
        interrupt();
      }
      super.start();
    }
  }

  private static final class UnavailableThread extends Thread {
    UnavailableThread(Runnable request) {
      super(request);
    }

    @Override
    public void start() {
      throw new OutOfMemoryError("unable to create native thread");
    }
  }
}
