package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.OpenLoop.Measured;
import dev.statecraft.lab.load.SessionClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final long began = System.nanoTime();

  @Test
  void offersTheWholeScheduleAtItsRate() throws Exception {
    LoadPlan plan = plan(1_000, 100, 300, 8);
    Measured measured = run(plan, (call, _, _, _) -> ok(call), Duration.ZERO, true);

    assertThat(operations).hasSize(375);
    assertThat(operations.stream().map(Operation::id)).containsExactlyInAnyOrderElementsOf(
        LongStream.range(0, 375).boxed().toList());
    List<Operation> byId = byId();
    long first = byId.getFirst().scheduled();
    assertThat(byId).allSatisfy(
        operation -> assertThat(operation.scheduled()).isEqualTo(first + plan.arrivals().due(operation.id())));
    assertThat(byId).allSatisfy(operation -> {
      assertThat(operation.invoked()).isGreaterThanOrEqualTo(operation.scheduled());
      assertThat(operation.completed()).isGreaterThanOrEqualTo(operation.invoked());
    });
    assertThat(measured.from()).isEqualTo(first + TimeUnit.MILLISECONDS.toNanos(100));
    assertThat(measured.to() - measured.from()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    assertThat(measured.shed()).isEmpty();
  }

  @Test
  void userHasAtMostOneCallInFlight() throws Exception {
    Set<String> busy = ConcurrentHashMap.newKeySet();
    AtomicBoolean twice = new AtomicBoolean();
    SessionCalls slow = (call, user, _, _) -> {
      if (!busy.add(user)) {
        twice.set(true);
      }
      Thread.onSpinWait();
      busy.remove(user);
      return ok(call);
    };

    run(plan(2_000, 0, 200, 3), slow, Duration.ZERO, true);

    assertThat(twice).isFalse();
    assertThat(operations).hasSize(400);
  }

  @Test
  void stallCountsForEveryRequestDueMeanwhile() throws Exception {
    CountDownLatch stall = new CountDownLatch(1);
    AtomicInteger sent = new AtomicInteger();
    SessionCalls stalled = (call, _, _, _) -> {
      int number = sent.incrementAndGet();
      if (number == 1) {
        // Starts after the first request was due, even on a slow machine.
        long end = nanos() + TimeUnit.MILLISECONDS.toNanos(250);
        Thread.startVirtualThread(() -> {
          while (nanos() < end) {
            Thread.onSpinWait();
          }
          stall.countDown();
        });
      }
      if (number <= 2) {
        awaitUnchecked(stall);
      }
      return ok(call);
    };

    run(plan(1_000, 0, 200, 2), stalled, Duration.ZERO, true);

    // All 200 were due during the stall, so each waited for its end.
    List<Long> waits = byId().stream().map(operation -> operation.completed() - operation.scheduled()).toList();
    assertThat(waits).hasSize(200);
    assertThat(waits.getFirst()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200));
    assertThat(waits).allSatisfy(wait -> assertThat(wait).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(10)));
  }

  @Test
  void shedsAndCountsRequestsBeyondQueue() throws Exception {
    CountDownLatch stall = new CountDownLatch(1);
    LoadPlan plan = new LoadPlan(1_000, Duration.ZERO, Duration.ofMillis(1_200), 1, 1, Duration.ofSeconds(1),
        OperationMix.SHOPPING, 20);
    SessionCalls stalled = (call, _, _, _) -> {
      awaitUnchecked(stall);
      return ok(call);
    };
    try (OpenLoop load = new OpenLoop(plan, stalled, this::nanos, InstantSource.system(), operations::add)) {
      Measured measured = load.run(() -> {
        // The whole plan has been offered; the queue has one more second for its answers.
        stall.countDown();
        return true;
      }, Duration.ofMillis(1));

      // 1 is in flight, 1,000 wait in the queue, and 199 are shed.
      assertThat(measured.shed()).hasSize(199).isSorted();
      assertThat(operations).hasSize(1_001);
      assertThat(load.counters().errors()).isEqualTo(199);
    }
  }

  @Test
  void shedsQueuedRequestsOneDeadlineAfterEnd() throws Exception {
    CountDownLatch stall = new CountDownLatch(1);
    LoadPlan plan = new LoadPlan(
        1_000, Duration.ZERO, Duration.ofMillis(50), 1, 1, Duration.ofMillis(400), OperationMix.SHOPPING, 20);
    OpenLoop load = new OpenLoop(plan, (call, _, _, _) -> {
      awaitUnchecked(stall);
      return ok(call);
    }, this::nanos, InstantSource.system(), operations::add);
    Thread release = Thread.startVirtualThread(() -> {
      while (load.counters().errors() < 49) {
        Thread.onSpinWait();
      }
      stall.countDown();
    });

    Measured measured = load.run(() -> true, Duration.ZERO);
    release.join();
    load.close();

    assertThat(measured.shed()).hasSize(49);
    assertThat(operations).hasSize(1);
  }

  @Test
  void continuesBeyondPlanUntilItMayEnd() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    OpenLoop load = new OpenLoop(
        plan(1_000, 0, 50, 4), (call, _, _, _) -> ok(call), this::nanos, InstantSource.system(), operations::add);

    Measured measured = load.run(() -> asked.incrementAndGet() > 30, Duration.ofSeconds(10));
    load.close();

    assertThat(operations).hasSize(80);
    assertThat(measured.to() - measured.from()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
  }

  @Test
  void extensionIsBounded() throws Exception {
    run(plan(1_000, 0, 50, 4), (call, _, _, _) -> ok(call), Duration.ofMillis(20), false);

    assertThat(operations).hasSize(70);
  }

  @Test
  void readsBackEveryOpenSession() throws Exception {
    try (FakeService service = new FakeService();
        SessionClient client = new SessionClient(service.prefix(), 5, Duration.ofSeconds(10));
        OpenLoop load = new OpenLoop(plan(500, 0, 400, 5), client, this::nanos, InstantSource.system(),
            operations::add)) {
      load.run(() -> true, Duration.ZERO);
      int before = operations.size();
      int open = service.sessions().size();

      load.readBack(3);

      List<Operation> reads = byId().subList(before, operations.size());
      assertThat(open).isPositive();
      assertThat(reads).hasSize(3 * open).allSatisfy(read -> assertThat(read.call()).isEqualTo(Call.READ));
      assertThat(reads).extracting(operation -> items(operation.outcome())).containsAll(service.sessions().values());
      assertThat(service.maxInFlight()).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void recordsLostSessionAndLogsInAgain() throws Exception {
    try (FakeService service = new FakeService();
        SessionClient client = new SessionClient(service.prefix(), 1, Duration.ofSeconds(10));
        OpenLoop load = new OpenLoop(plan(400, 0, 200, 1), client, this::nanos, InstantSource.system(), operation -> {
          operations.add(operation);
          if (operation.id() == 40) {
            service.loseSessions();
          }
        })) {
      load.run(() -> true, Duration.ZERO);
    }

    List<Operation> byId = byId();
    assertThat(byId.get(41).outcome()).isEqualTo(new Outcome.Failed(401, "there is no session"));
    assertThat(byId.get(42).call()).isEqualTo(Call.LOGIN);
    assertThat(byId.get(42).session()).isNotEqualTo(byId.get(41).session());
  }

  @Test
  void unwritableHistoryFailsTheRun() throws IOException {
    OpenLoop load = new OpenLoop(
        plan(1_000, 0, 5_000, 2), (call, _, _, _) -> ok(call), this::nanos, InstantSource.system(), _ -> {
          throw new IllegalStateException("disk full");
        });

    assertThatThrownBy(() -> load.run(() -> true, Duration.ZERO)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("disk full");
    load.close();
  }

  private long nanos() {
    return System.nanoTime() - began;
  }

  private Measured run(LoadPlan plan, SessionCalls calls, Duration maxExtension, boolean mayEnd)
      throws InterruptedException {
    try (OpenLoop load = new OpenLoop(plan, calls, this::nanos, InstantSource.system(), operations::add)) {
      return load.run(() -> mayEnd, maxExtension);
    }
  }

  private List<Operation> byId() {
    return operations.stream().sorted(Comparator.comparingLong(Operation::id)).toList();
  }

  private static LoadPlan plan(double rate, int warmUpMillis, int measuredMillis, int sessions) {
    return new LoadPlan(
        rate, Duration.ofMillis(warmUpMillis), Duration.ofMillis(measuredMillis), sessions, 1, Duration.ofSeconds(10),
        OperationMix.SHOPPING, 20);
  }

  private static Answer ok(Call call) {
    return new Answer(new Outcome.Ok(200, call == Call.READ ? List.of() : null), "fake-1");
  }

  private static List<String> items(Outcome outcome) {
    return outcome instanceof Outcome.Ok(_, List<String> items, _) ? items : List.of();
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
