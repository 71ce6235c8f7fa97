package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.statecraft.stateless.NodeProperties;
import dev.statecraft.stateless.AdmissionEstimator;
import dev.statecraft.stateless.AdmissionEstimator.Place;
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

class AdmissionTest {
  private final StaticListableBeanFactory beans = new StaticListableBeanFactory();
  private final AtomicLong now = new AtomicLong();
  private final AdmissionEstimator delay = new AdmissionEstimator(AdmissionEstimator.LONGEST, now::get);

  @Test
  void unknownModelIsRefusedWithTheNamesOfThoseThatThereAre() {
    beans.addBean("full", new Full());
    InvalidConfigurationPropertyValueException refused = catchThrowableOfType(
        InvalidConfigurationPropertyValueException.class, () -> admission("forking"));
    assertThat(refused.getName()).isEqualTo("statecraft.concurrency");
    assertThat(refused.getReason()).isEqualTo("It must be one of full.");
  }

  @Test
  void connectionForWhichTheModelHasNoRoomIsServedApart() throws Exception {
    beans.addBean("full", new Full());
    Admission admission = admission("full");
    assertThat(isShed(admission)).isTrue();
    admission.destroy();
  }

  @Test
  void nobodyIsTakenInWhileThoseBeforeWaitTooLongForAProcessor() throws Exception {
    beans.addBean("roomy", new Full() {
      @Override
      public void execute(Runnable connection) {
        connection.run();
      }
    });
    Admission admission = admission("roomy");
    assertThat(isShed(admission)).isFalse();

    Place served = delay.joined();
    Place waiting = delay.joined();
    now.addAndGet(2 * AdmissionEstimator.LONGEST.toNanos());
    delay.left(served);
    assertThat(isShed(admission)).isTrue();

    delay.left(waiting);
    assertThat(isShed(admission)).isFalse();
    admission.destroy();
  }

  private static boolean isShed(Admission admission) throws Exception {
    CompletableFuture<Boolean> shed = new CompletableFuture<>();
    admission.execute(() -> shed.complete(Admission.SHED.isBound()));
    return shed.get(30, TimeUnit.SECONDS);
  }

  private Admission admission(String model) {
    ConcurrencyProperties properties = new ConcurrencyProperties(model);
    return new Admission(properties, new TomcatServerProperties(),
        new FastRejectResponse(new NodeProperties("any", DataSize.ofMegabytes(1), Duration.ofSeconds(1)), properties,
            new SimpleMeterRegistry()),
        delay, beans);
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
      // Has nothing.
    }
  }
}
