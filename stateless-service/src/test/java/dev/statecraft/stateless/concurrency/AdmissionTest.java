package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.statecraft.stateless.NodeProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.util.unit.DataSize;

class AdmissionTest {
  private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

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
    CompletableFuture<Boolean> shed = new CompletableFuture<>();
    admission.execute(() -> shed.complete(Admission.SHED.isBound()));
    assertThat(shed.get(30, TimeUnit.SECONDS)).isTrue();
    admission.destroy();
  }

  private Admission admission(String model) {
    ConcurrencyProperties properties = new ConcurrencyProperties(model);
    return new Admission(properties, new TomcatServerProperties(),
        new PlainRefusal(new NodeProperties("any", DataSize.ofMegabytes(1), Duration.ofSeconds(1)), properties,
            new SimpleMeterRegistry()),
        beans);
  }

  private static final class Full implements ConcurrencyModel {
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
