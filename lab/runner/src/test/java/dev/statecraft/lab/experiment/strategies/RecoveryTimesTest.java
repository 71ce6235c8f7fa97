package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecoveryTimesTest {
  private static final FaultEvent KILL = new FaultEvent("kill", "n1", 100, 300);
  private static final Outcome OK = new Outcome.Ok(200, null);
  private static final Outcome LOST = new Outcome.Failed(401, "no session");

  private final List<Operation> operations = new ArrayList<>();

  @Test
  void routingRecoversWithNextLoginWithoutState() {
    add(1, "s1", Call.LOGIN, null, 10, OK, "n1");
    add(2, "s2", Call.LOGIN, null, 20, OK, "n2");
    add(2, "s2", Call.READ, null, 110, ok(), "n2");
    add(1, "s1", Call.READ, null, 120, LOST, "n2");
    add(1, "s3", Call.LOGIN, null, 140, OK, "n2");
    add(1, "s3", Call.READ, null, 150, ok(), "n2");
    add(3, "s4", Call.LOGIN, null, 350, OK, "n1");

    assertThat(recovery()).isEqualTo(new RecoveryTimes(41L, null, 251L, 51L, 41L, 21L));
  }

  @Test
  void stateRecoversWithFirstCompleteCart() {
    add(1, "s1", Call.LOGIN, null, 10, OK, "n2");
    add(1, "s1", Call.ADD, "a", 20, OK, "n1");
    add(1, "s1", Call.READ, null, 110, ok(), "n2");
    add(1, "s1", Call.ADD, "b", 120, OK, "n2");
    add(1, "s1", Call.READ, null, 130, ok("a"), "n3");
    add(1, "s1", Call.READ, null, 140, ok("a", "b"), "n2");

    assertThat(recovery()).isEqualTo(new RecoveryTimes(11L, 41L, null, 11L, 21L, 0));
  }

  @Test
  void ignoresUsersOfOtherNodes() {
    add(1, "s1", Call.ADD, "a", 20, OK, "n1");
    add(1, "s1", Call.READ, null, 30, ok("a"), "n2");
    add(1, "s1", Call.READ, null, 110, ok("a"), "n2");

    assertThat(recovery()).isEqualTo(new RecoveryTimes(null, null, null, null, null, 0));
  }

  @Test
  void ignoresRequestsSentBeforeTheFault() {
    add(1, "s1", Call.ADD, "a", 20, OK, "n1");
    operations.add(new Operation(90, 1, "s1", Call.READ, null, 99, 99, 105, ok("a"), "n1"));

    assertThat(recovery()).isEqualTo(new RecoveryTimes(null, null, null, null, null, 0));
  }

  @Test
  void nodeServesAgainOnlyAfterRestart() {
    operations.add(new Operation(1, 1, "s1", Call.READ, null, 100, 101, 299, OK, "n1"));
    add(1, "s1", Call.READ, null, 400, new Outcome.Failed(503, "not yet"), "n1");
    add(1, "s1", Call.READ, null, 410, ok(), "n1");

    assertThat(recovery().servesAgain()).isEqualTo(311L);
    assertThat(RecoveryTimes.from(new FaultEvent("kill", "n1", 100, -1), history()).servesAgain()).isNull();
  }

  @Test
  void gatewayFaultAffectsEveryUser() {
    add(1, "s1", Call.LOGIN, null, 10, OK, "n1");
    add(2, "s2", Call.LOGIN, null, 20, OK, "n2");
    add(1, "s1", Call.READ, null, 120, new Outcome.Failed(0, "no connection"), "n1");
    add(2, "s2", Call.READ, null, 310, ok(), "n2");

    assertThat(RecoveryTimes.from(new FaultEvent("gateway-kill", "gateway", 100, 300), history()))
        .isEqualTo(new RecoveryTimes(211L, 211L, 211L, 211L, null, 21L));
  }

  /** State returned at once for readers, while every write hung: the figure of a paused leader. */
  @Test
  void hangingWritesDisturbUsersThoughReadsGoOn() {
    add(1, "s1", Call.LOGIN, null, 10, OK, "n1");
    add(1, "s1", Call.READ, null, 110, ok(), "n2");
    long hung = Duration.ofMillis(2_500).toNanos();
    operations.add(new Operation(90, 1, "s1", Call.ADD, "a", 120, 120, 120 + hung, OK, "n2"));

    RecoveryTimes times = recovery();
    assertThat(times.state()).isEqualTo(11L);
    assertThat(times.read()).isEqualTo(11L);
    assertThat(times.write()).isEqualTo(20 + hung);
    assertThat(times.lastDisturbed()).isEqualTo(20 + hung);
  }

  @Test
  void disturbanceEndsWithCalmOrTheNextFault() {
    long second = Duration.ofSeconds(1).toNanos();
    FaultEvent next = new FaultEvent("kill", "n2", 20 * second, 21 * second);
    Outcome broken = new Outcome.Unknown(0, "no answer");
    add(1, "s1", Call.READ, null, second, broken, "n1");
    add(2, "s2", Call.READ, null, 5 * second, broken, "n3");
    add(2, "s2", Call.READ, null, 5 * second + RecoveryTimes.CALM.toNanos() + 2, broken, "n3");
    add(1, "s1", Call.READ, null, 20 * second, broken, "n2");
    History history = new History("redis", null, 1, List.of("n1", "n2", "n3"), operations, List.of(KILL, next));

    assertThat(RecoveryTimes.from(KILL, history).lastDisturbed()).isEqualTo(5 * second + 1 - 100);
    assertThat(RecoveryTimes.from(next, history).lastDisturbed()).isEqualTo(1);
  }

  @Test
  void conflictsAndExpiredSessionsDisturbNobody() {
    add(1, "s1", Call.ADD, "a", 120, new Outcome.Failed(409, "conflict"), "n1");
    assertThat(recovery().lastDisturbed()).isZero();
    add(1, "s1", Call.READ, null, 130, LOST, "n1");
    assertThat(recovery().lastDisturbed()).isEqualTo(31);
    History expiring = new History("redis", null, 1, List.of("n1"), 2_000L, operations, List.of(KILL));
    assertThat(RecoveryTimes.from(KILL, expiring).lastDisturbed()).isZero();
  }

  private RecoveryTimes recovery() {
    return RecoveryTimes.from(KILL, history());
  }

  private History history() {
    return new History("affinity", null, 1, List.of("n1", "n2", "n3"), operations, List.of(KILL));
  }

  private void add(
      int client, String session, Call call, @Nullable String item, long invoked, Outcome outcome, String servedBy) {
    operations.add(
        new Operation(
            operations.size(), client, session, call, item, invoked, invoked, invoked + 1, outcome, servedBy));
  }

  private static Outcome ok(String... items) {
    return new Outcome.Ok(200, List.of(items));
  }
}
