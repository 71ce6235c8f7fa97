package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Limited resources, and who gets a share when there is none left. */
class LimitsTest {
  private final FakeClients clients = new FakeClients();

  @Nested
  class Bulkhead {
    private final ServiceBulkhead bulkhead = new ServiceBulkhead("shop", 2);

    @Test
    void limitsRequestsInFlight() {
      Lease first = Objects.requireNonNull(bulkhead.tryEnter(clients));
      assertThat(bulkhead.tryEnter(clients)).isNotNull();
      assertThat(bulkhead.tryEnter(clients)).isNull();
      first.giveBack();
      first.giveBack();
      assertThat(bulkhead.inFlight()).isEqualTo(1);
      assertThat(bulkhead.tryEnter(clients)).isNotNull();
    }

    @Test
    void newRequestReplacesOneWithSlowClient() {
      bulkhead.tryEnter(clients);
      bulkhead.tryEnter(clients);
      clients.reclaimable(1);
      assertThat(bulkhead.tryEnter(clients)).isNotNull();
      assertThat(bulkhead.tryEnter(clients)).isNull();
      assertThat(bulkhead.inFlight()).isEqualTo(2);
    }
  }

  @Nested
  class Memory {
    private final MemoryBudget budget = new MemoryBudget(100);

    @Test
    void limitsBytesInUse() {
      Lease lease = Objects.requireNonNull(budget.tryAcquire(60, clients));
      assertThat(budget.tryAcquire(41, clients)).isNull();
      assertThat(budget.tryAcquire(40, clients)).isNotNull();
      assertThat(budget.used()).isEqualTo(100);
      lease.giveBack();
      assertThat(budget.used()).isEqualTo(40);
    }

    @Test
    void endsAsManyExchangesAsNeeded() {
      for (int i = 0; i < 10; i++) {
        budget.tryAcquire(10, clients);
      }
      clients.reclaimable(10);
      assertThat(budget.tryAcquire(35, clients)).isNotNull();
      assertThat(budget.used()).isEqualTo(95);
    }
  }

  @Nested
  class Permits {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ConnectionPermits permits = new ConnectionPermits(1, 2, timer);
    private final List<Lease> acquired = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    @Test
    void waitsInOrderUntilPermitIsGivenBack() {
      Lease first = Objects.requireNonNull(permits.tryAcquire(clients));
      assertThat(permits.tryAcquire(clients)).isNull();
      acquire();
      acquire();
      assertThat(acquired).isEmpty();
      first.giveBack();
      assertThat(acquired).hasSize(1);
      acquired.getFirst().giveBack();
      assertThat(acquired).hasSize(2);
      acquired.getLast().giveBack();
      assertThat(permits.tryAcquire(clients)).isNotNull();
    }

    @Test
    void failsIfTooManyWait() {
      permits.tryAcquire(clients);
      acquire();
      acquire();
      acquire();
      assertThat(failures).singleElement()
          .satisfies(failure -> assertThat(((AttemptFailure) failure).kind()).isEqualTo(Kind.EXHAUSTED));
    }

    @Test
    void failsAfterTheTime() {
      Lease first = Objects.requireNonNull(permits.tryAcquire(clients));
      acquire();
      timer.advanceTimeBy(Duration.ofSeconds(1));
      assertThat(failures).hasSize(1);
      first.giveBack();
      assertThat(permits.tryAcquire(clients)).isNotNull();
    }

    @Test
    void cancelledWaiterTakesNoPermit() {
      Lease first = Objects.requireNonNull(permits.tryAcquire(clients));
      acquire().dispose();
      first.giveBack();
      assertThat(acquired).isEmpty();
      assertThat(permits.tryAcquire(clients)).isNotNull();
    }

    @Test
    void newAttemptReplacesOneWithSlowClient() {
      permits.tryAcquire(clients);
      clients.reclaimable(1);
      acquire();
      assertThat(acquired).hasSize(1);
    }

    @Test
    void waitingAttemptReplacesOneWhoseClientBecomesSlow() {
      permits.tryAcquire(clients);
      acquire();
      assertThat(acquired).isEmpty();
      clients.reclaimable(1);
      timer.advanceTimeBy(Duration.ofMillis(100));
      assertThat(acquired).hasSize(1);
    }

    private Disposable acquire() {
      return permits.acquire(clients, Duration.ofSeconds(1)).subscribe(acquired::add, failures::add);
    }
  }
}
