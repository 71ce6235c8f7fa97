package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;

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
    return new Admission(new ConcurrencyProperties(model), new TomcatServerProperties(), beans);
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
