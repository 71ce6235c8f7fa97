package dev.statecraft.reactive.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.cpu.CpuBurner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class CpuPoolTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int LONG_MILLIS = 60_000;
  private static final int ADMITTED = 1_000;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CpuPool pool = new CpuPool(new CpuBurner(), new AdmissionEstimator(), registry);

  @AfterEach
  void end() {
    pool.destroy();
  }

  @Test
  void allAdmittedRequestsCanWait() {
    List<Disposable> busy = occupyProcessors();
    List<Mono<Void>> waiting = new ArrayList<>();
    for (int number = 0; number < ADMITTED; number++) {
      Mono<Void> burn = pool.burn(1).cache();
      burn.subscribe();
      waiting.add(burn);
    }
    assertThat(waiting()).isEqualTo(ADMITTED);

    busy.forEach(Disposable::dispose);
    Mono.when(waiting).block(TIMEOUT);
    assertThat(waiting()).isZero();
  }

  @Test
  void cancelledWorkLeavesTheQueue() {
    occupyProcessors();
    Disposable waiting = pool.burn(1).subscribe();
    assertThat(waiting()).isEqualTo(1);

    waiting.dispose();
    assertThat(waiting()).isZero();
  }

  private List<Disposable> occupyProcessors() {
    List<Disposable> busy = new ArrayList<>();
    for (int processor = 0; processor < Runtime.getRuntime().availableProcessors(); processor++) {
      busy.add(pool.burn(LONG_MILLIS).subscribe());
    }
    return busy;
  }

  private double waiting() {
    return registry.get("concurrency.queue").gauge().value();
  }
}
