package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.SessionClient.Answer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {
  private static final LoadPlan PLAN = new LoadPlan(1, Duration.ZERO, Duration.ofSeconds(1), 3, 1,
      Duration.ofSeconds(10), OperationMix.SHOPPING, 10);

  @Test
  void everyUserHasOneRequestInFlight() {
    ConcurrentHashMap<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
    Queue<String> overlaps = new ConcurrentLinkedQueue<>();
    SessionCalls calls = (call, user, item, cookies) -> {
      AtomicInteger own = inFlight.computeIfAbsent(user, _ -> new AtomicInteger());
      if (own.incrementAndGet() > 1) {
        overlaps.add(user);
      }
      // A call that never waits would leave no processor to the third user.
      LockSupport.parkNanos(1_000);
      own.decrementAndGet();
      return new Answer(new Outcome.Ok(200, null), "n1");
    };
    try (ClosedLoop loop = ClosedLoop.start(PLAN, calls, InstantSource.system())) {
      await().until(() -> loop.good() > 1_000 && inFlight.size() == 3);
    }
    assertThat(overlaps).isEmpty();
  }

  @Test
  void sendsNothingAfterClose() {
    AtomicInteger sent = new AtomicInteger();
    ClosedLoop loop = ClosedLoop.start(PLAN, (call, user, item, cookies) -> {
      sent.incrementAndGet();
      return new Answer(call == Call.LOGIN ? new Outcome.Ok(201, null) : new Outcome.Failed(409, "conflict"), "n1");
    }, InstantSource.system());
    await().until(() -> sent.get() > 10);
    loop.close();

    int atClose = sent.get();
    assertThat(loop.good()).isEqualTo(3);
    await().during(Duration.ofMillis(100)).until(() -> sent.get() == atClose);
  }
}
