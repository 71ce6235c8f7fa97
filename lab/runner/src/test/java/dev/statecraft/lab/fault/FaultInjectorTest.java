package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultInjectorTest {
  private final RecordingTarget cluster = new RecordingTarget();
  private final AtomicLong clock = new AtomicLong();
  private final FaultInjector injector = new FaultInjector(
      cluster, SessionStrategies.of("replicated"), () -> clock.addAndGet(1_000_000), new Random(1));

  @Test
  void killsAndRestartsLeader() throws Exception {
    run(Kill.ONE_NODE);
    assertThat(cluster.calls).containsExactly("kill n2", "restart n2", "ready n2");
    assertThat(injector.injected()).singleElement().satisfies(event -> {
      assertThat(event.kind()).isEqualTo("kill");
      assertThat(event.target()).isEqualTo("n2");
      assertThat(event.ended()).isGreaterThan(event.began());
    });
  }

  @Test
  void hitsTheNamedTarget() throws Exception {
    List<FaultEvent> told = new ArrayList<>();
    new FaultInjector(cluster, SessionStrategies.of("replicated"), () -> clock.addAndGet(1_000_000), new Random(1),
        told::add)
        .run(new Schedule(List.of(new Planned(Kill.ONE_NODE, Duration.ZERO, Duration.ZERO, "n3")), List.of()));
    assertThat(cluster.calls).containsExactly("kill n3", "restart n3", "ready n3");
    assertThat(told).extracting(FaultEvent::target).containsExactly("n3", "n3");
    assertThat(told.getFirst().ended()).isEqualTo(-1);
    assertThat(told.getLast().ended()).isPositive();
  }

  @Test
  void terminatesWithoutKilling() throws Exception {
    run(new Terminate());
    assertThat(cluster.calls).containsExactly("terminate n2", "restart n2", "ready n2");
  }

  @Test
  void rollingRestartWaitsForEachNode() throws Exception {
    run(new RollingRestart());
    assertThat(cluster.calls).containsExactly(
        "terminate n1", "restart n1", "ready n1", "terminate n2", "restart n2", "ready n2", "terminate n3",
        "restart n3", "ready n3");
    assertThat(injector.injected()).extracting(FaultEvent::target).containsExactly("n1", "n2", "n3");
  }

  @Test
  void killAllKillsEveryNodeBeforeRestart() throws Exception {
    run(Kill.ALL_NODES);
    assertThat(cluster.calls).containsExactly(
        "kill n1", "kill n2", "kill n3", "restart n1", "restart n2", "restart n3", "ready n1", "ready n2", "ready n3");
    assertThat(injector.injected()).extracting(FaultEvent::kind).containsExactly("kill-all", "kill-all", "kill-all");
  }

  @Test
  void killsGatewayAndRedisByName() throws Exception {
    run(new GatewayKill(), new RedisKill());
    assertThat(cluster.calls).containsExactly(
        "kill gateway", "restart gateway", "ready gateway", "kill redis-server", "restart redis-server",
        "ready redis-server");
  }

  @Test
  void wipeRemovesDiskBeforeRestart() throws Exception {
    run(Wipe.ONE_NODE);
    assertThat(cluster.calls).containsExactly("kill n2", "wipe n2", "restart n2", "ready n2");
  }

  @Test
  void wipeAllRemovesEveryDiskBeforeRestart() throws Exception {
    run(Wipe.ALL_NODES);
    assertThat(cluster.calls).containsExactly(
        "kill n1", "wipe n1", "kill n2", "wipe n2", "kill n3", "wipe n3", "restart n1", "restart n2", "restart n3",
        "ready n1", "ready n2", "ready n3");
  }

  @Test
  void pauseResumesTheNode() throws Exception {
    run(Pause.LONG);
    assertThat(cluster.calls).containsExactly("pause n2", "resume n2", "ready n2");
  }

  @Test
  void slowDownPausesAndResumesRepeatedly() throws Exception {
    run(Duration.ofMillis(200), new SlowDown());
    assertThat(cluster.calls).containsExactly("pause n2", "resume n2", "pause n2", "resume n2", "ready n2");
  }

  @Test
  void partitionCutsLeaderOffInBothDirections() throws Exception {
    run(Partition.ONE_NODE);
    assertThat(cluster.calls).containsExactly("cut [n2] [n1, n3]", "cut [n1, n3] [n2]", "reconnect", "ready n2");
  }

  @Test
  void oneWayPartitionsCutOneDirection() throws Exception {
    run(Partition.OUTBOUND, Partition.INBOUND);
    assertThat(cluster.calls)
        .containsExactly("cut [n2] [n1, n3]", "reconnect", "ready n2", "cut [n1, n3] [n2]", "reconnect", "ready n2");
  }

  @Test
  void minorityPartitionIncludesLeader() throws Exception {
    cluster.names = List.of("n1", "n2", "n3", "n4", "n5");
    run(Partition.MINORITY);
    assertThat(injector.injected()).extracting(FaultEvent::target).hasSize(2).contains("n2");
    assertThat(cluster.calls).first().asString().matches("cut \\[n2, n\\d] \\[n\\d, n\\d, n\\d]");
  }

  @Test
  void partitionCutsNodesOffFromTheStore() throws Exception {
    cluster.stores = List.of(FaultTarget.REDIS);
    run(Partition.OUTBOUND);
    assertThat(cluster.calls).first().asString().endsWith(", redis-server]");
  }

  @Test
  void failoverEndsBeforeTheFormerPrimaryRejoins() throws Exception {
    run(new RedisFailover());
    assertThat(cluster.calls).containsExactly(
        "kill redis-replica-1 behind", "failover from redis-replica-1", "rejoin redis-replica-1");
  }

  @Test
  void failedPartitionIsHealed() {
    cluster.cutFails = true;
    assertThatThrownBy(() -> run(Partition.ONE_NODE)).isInstanceOf(ClusterFailure.class);
    assertThat(cluster.calls).containsExactly("reconnect");
  }

  @Test
  void failedRestartEndsTheSchedule() {
    cluster.restartFails = true;
    assertThatThrownBy(() -> run(Kill.ONE_NODE, Pause.LONG)).isInstanceOf(ClusterFailure.class);
    assertThat(injector.injected()).singleElement().extracting(FaultEvent::ended).isEqualTo(-1L);
    assertThat(cluster.calls).doesNotContain("pause n2");
  }

  @Test
  void scalingIsUndone() throws Exception {
    run(new ScaleOut(), new ScaleIn());
    assertThat(cluster.calls).containsExactly("add n4", "ready n4", "remove n4", "remove n3", "add n3", "ready n3");
    assertThat(injector.injected()).extracting(FaultEvent::target).containsExactly("n4", "n3");
  }

  @Test
  void clockJumpsAheadThenBehindThenBack() throws Exception {
    run(ClockJump.MINUTES, ClockJump.PAST_TIMEOUT);
    assertThat(cluster.calls).containsExactly(
        "clock n2 PT5M", "clock n2 PT-5M", "clock n2 PT0S", "ready n2", "clock n2 PT1H", "clock n2 PT-1H",
        "clock n2 PT0S", "ready n2");
    assertThat(injector.injected()).extracting(FaultEvent::kind).containsExactly("clock", "clock-far");
  }

  @Test
  void failedClockJumpIsHealed() {
    cluster.clockFails = true;
    assertThatThrownBy(() -> run(ClockJump.MINUTES)).isInstanceOf(ClusterFailure.class);
    assertThat(cluster.calls).containsExactly("clock n2 PT0S");
    assertThat(injector.injected()).singleElement().extracting(FaultEvent::ended).isEqualTo(-1L);
  }

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.fault.Faults#all")
  void everyFaultEndsWithRecoveredTarget(Fault fault) throws Exception {
    run(fault);
    assertThat(injector.injected()).isNotEmpty().allSatisfy(event -> {
      assertThat(event.kind()).isEqualTo(fault.name());
      assertThat(event.ended()).isGreaterThanOrEqualTo(event.began());
      String end = switch (fault) {
        case ScaleOut _ -> "remove ";
        case RedisFailover _ -> "rejoin ";
        default -> "ready ";
      };
      assertThat(cluster.calls).endsWith(end + injector.injected().getLast().target());
    });
  }

  private void run(Fault... faults) throws ClusterFailure, InterruptedException {
    run(Duration.ofMillis(5), faults);
  }

  private void run(Duration duration, Fault... faults) throws ClusterFailure, InterruptedException {
    List<Planned> planned = Arrays.stream(faults).map(fault -> new Planned(fault, Duration.ZERO, duration))
        .toList();
    injector.run(new Schedule(planned, List.of()));
  }
}
