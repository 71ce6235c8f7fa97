package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.admission.AdmissionEstimator.Ticket;
import dev.statecraft.service.admission.OverloadResponse;
import dev.statecraft.service.node.NodeProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.util.unit.DataSize;

class AdmissionExecutorTest {
  private final StaticListableBeanFactory beans = new StaticListableBeanFactory();
  private final AtomicLong now = new AtomicLong();
  private final AdmissionEstimator estimator = new AdmissionEstimator(AdmissionEstimator.MAX_WAIT, now::get);

  @Test
  void unknownModelFailsWithTheKnownNames() {
    beans.addBean("full", new Full());
    InvalidConfigurationPropertyValueException failure = catchThrowableOfType(
        InvalidConfigurationPropertyValueException.class, () -> admission("forking"));
    assertThat(failure.getName()).isEqualTo("statecraft.concurrency");
    assertThat(failure.getReason()).isEqualTo("It must be one of full.");
  }

  @Test
  void shedsConnectionThatTheModelRejects() throws Exception {
    beans.addBean("full", new Full());
    AdmissionExecutor admission = admission("full");
    assertThat(isShed(admission)).isTrue();
    admission.destroy();
  }

  @Test
  void shedsWhileRequestsWaitTooLong() throws Exception {
    beans.addBean("unlimited", new Full() {
      @Override
      public void execute(Runnable connection) {
        connection.run();
      }
    });
    AdmissionExecutor admission = admission("unlimited");
    assertThat(isShed(admission)).isFalse();

    Ticket served = estimator.join();
    Ticket waiting = estimator.join();
    now.addAndGet(2 * AdmissionEstimator.MAX_WAIT.toNanos());
    estimator.leave(served);
    assertThat(isShed(admission)).isTrue();

    estimator.leave(waiting);
    assertThat(isShed(admission)).isFalse();
    admission.destroy();
  }

  private static boolean isShed(AdmissionExecutor admission) throws Exception {
    CompletableFuture<Boolean> shed = new CompletableFuture<>();
    admission.execute(() -> shed.complete(AdmissionExecutor.SHEDDING.isBound()));
    return shed.get(30, TimeUnit.SECONDS);
  }

  private AdmissionExecutor admission(String model) {
    ConcurrencyProperties properties = new ConcurrencyProperties(model);
    return new AdmissionExecutor(properties, new TomcatServerProperties(),
        new FastRejectHandler(new OverloadResponse(
            new NodeProperties("any", DataSize.ofMegabytes(1), Duration.ofSeconds(1)), "Full", model,
            new SimpleMeterRegistry())),
        estimator, beans);
  }

  private static class Full implements ConcurrencyModel {
    @Override
    public void execute(Runnable connection) {
      throw new RejectedExecutionException();
    }

    @Override
    public int liveThreads() {
      return 0;
    }

    @Override
    public int queued() {
      return 0;
    }

    @Override
    public void close() {
      // Has no threads.
    }
  }
}
