package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.statecraft.stateless.AdmissionEstimator;
import dev.statecraft.stateless.AdmissionEstimator.Place;
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
  void iterativeServesOneAndQueuesTheRest() {
    try (Iterative model = new Iterative(new TomcatServerProperties())) {
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
  void threadPerRequestMakesAThreadForEachUpToItsBound() {
    try (ThreadPerRequest model = new ThreadPerRequest(new ThreadPerRequest.Limits(3))) {
      serve(model, 3);
      awaitServing(3);
      assertThat(serving).doesNotHaveDuplicates().noneMatch(Thread::isVirtual);
      assertRefusesUntilReleased(model);
      assertThat(serving).doesNotHaveDuplicates();
    }
  }

  @Test
  void threadPerRequestRefusesAtOnceWhileTheSystemIsSlowToStartThreads() {
    try (ThreadPerRequest model = new ThreadPerRequest(new ThreadPerRequest.Limits(9), SlowToStart::new)) {
      serve(model, 9);
      assertThat(serving).isEmpty();
      assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> serve(model, 1));
      release.countDown();
      awaitServing(9);
    }
  }

  @Test
  void threadPerRequestServesTheRequestForWhichTheSystemHasNoThread() {
    try (ThreadPerRequest model = new ThreadPerRequest(new ThreadPerRequest.Limits(1), NotToBeHad::new)) {
      release.countDown();
      serve(model, 1);
      awaitServing(1);
      assertThat(serving.element().getName()).startsWith("starter-");
      await().atMost(Duration.ofSeconds(30)).until(() -> model.liveThreads() == 0);
    }
  }

  @Test
  void virtualThreadsMakesAVirtualThreadForEachUpToItsBound() {
    try (VirtualThreads model = new VirtualThreads(new VirtualThreads.Limits(3))) {
      serve(model, 3);
      awaitServing(3);
      assertThat(serving).doesNotHaveDuplicates().allMatch(Thread::isVirtual);
      assertRefusesUntilReleased(model);
    }
  }

  @Test
  void virtualThreadsRefuseWhileThoseTakenInTakeTooLongToBegin() {
    AtomicLong now = new AtomicLong();
    AdmissionEstimator beginning = new AdmissionEstimator(VirtualThreads.LONGEST_TO_BEGIN, now::get);
    try (VirtualThreads model = new VirtualThreads(new VirtualThreads.Limits(3), beginning)) {
      Place begun = beginning.joined();
      Place waiting = beginning.joined();
      now.addAndGet(2 * VirtualThreads.LONGEST_TO_BEGIN.toNanos());
      beginning.left(begun);
      assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> serve(model, 1));

      beginning.left(waiting);
      serve(model, 1);
      awaitServing(1);
      release.countDown();
    }
  }

  @Test
  void poolGrowsBeforeItQueuesThenRefusesThenShrinks() {
    try (Pool model = new Pool(new Pool.Limits(2, 4, Duration.ofMillis(10), 3))) {
      assertThat(model.liveThreads()).as("made in advance").isEqualTo(2);
      serve(model, 4);
      awaitServing(4);
      assertThat(model.liveThreads()).isEqualTo(4);
      serve(model, 3);
      assertThat(model.queued()).isEqualTo(3);
      assertRefusesUntilReleased(model);
      await().atMost(Duration.ofSeconds(30)).until(() -> model.liveThreads() == 2);
    }
  }

  private void assertRefusesUntilReleased(ConcurrencyModel model) {
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

  private final class SlowToStart extends Thread {
    SlowToStart(Runnable request) {
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

  private static final class NotToBeHad extends Thread {
    NotToBeHad(Runnable request) {
      super(request);
    }

    @Override
    public void start() {
      throw new OutOfMemoryError("unable to create native thread");
    }
  }
}
