package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.fault.Fault.Clock.Jump;
import dev.statecraft.lab.fault.Fault.Partition.Cut;
import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.history.FaultEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultInjectorTest {
  private final Recorder cluster = new Recorder();
  private final AtomicLong clock = new AtomicLong();
  private final FaultInjector injector = new FaultInjector(
      cluster, SessionStrategy.REPLICATED, () -> clock.addAndGet(1_000_000), new Random(1));

  @Test
  void aKilledNodeIsTheLeaderAndIsStartedAgain() throws Exception {
    run(new Fault.Kill());
    assertThat(cluster.calls).containsExactly("kill n2", "restart n2", "ready n2");
    assertThat(injector.struck()).singleElement().satisfies(event -> {
      assertThat(event.kind()).isEqualTo("kill");
      assertThat(event.target()).isEqualTo("n2");
      assertThat(event.ended()).isGreaterThan(event.began());
    });
  }

  @Test
  void aNodeThatIsAskedToEndIsNotKilled() throws Exception {
    run(new Fault.Term());
    assertThat(cluster.calls).containsExactly("terminate n2", "restart n2", "ready n2");
  }

  @Test
  void rollingTakesTheNextNodeOnlyOnceTheLastCanServe() throws Exception {
    run(new Fault.Rolling());
    assertThat(cluster.calls).containsExactly(
        "terminate n1", "restart n1", "ready n1", "terminate n2", "restart n2", "ready n2", "terminate n3",
        "restart n3", "ready n3");
    assertThat(injector.struck()).extracting(FaultEvent::target).containsExactly("n1", "n2", "n3");
  }

  @Test
  void killAllLeavesNoNodeBeforeItStartsTheFirst() throws Exception {
    run(new Fault.KillAll());
    assertThat(cluster.calls).containsExactly(
        "kill n1", "kill n2", "kill n3", "restart n1", "restart n2", "restart n3", "ready n1", "ready n2", "ready n3");
    assertThat(injector.struck()).extracting(FaultEvent::kind).containsExactly("kill-all", "kill-all", "kill-all");
  }

  @Test
  void theGatewayAndRedisAreHitByName() throws Exception {
    run(new Fault.GatewayKill(), new Fault.RedisKill());
    assertThat(cluster.calls).containsExactly(
        "kill gateway", "restart gateway", "ready gateway", "kill redis-server", "restart redis-server",
        "ready redis-server");
  }

  @Test
  void aWipedNodeStartsOnAnEmptyDiskAndItsFaultIsOverWhenItCanServe() throws Exception {
    run(new Fault.Wipe());
    assertThat(cluster.calls).containsExactly("kill n2", "wipe n2", "restart n2", "ready n2");
  }

  @Test
  void wipingAllLeavesNoDiskWhenTheFirstStartsAgain() throws Exception {
    run(new Fault.WipeAll());
    assertThat(cluster.calls).containsExactly(
        "kill n1", "wipe n1", "kill n2", "wipe n2", "kill n3", "wipe n3", "restart n1", "restart n2", "restart n3",
        "ready n1", "ready n2", "ready n3");
  }

  @Test
  void aPausedNodeGoesOn() throws Exception {
    run(new Fault.Pause());
    assertThat(cluster.calls).containsExactly("pause n2", "resume n2", "ready n2");
  }

  @Test
  void aSlowNodeStandsAndGoesByTurns() throws Exception {
    run(new Fault.Slow());
    assertThat(cluster.calls).startsWith("pause n2", "resume n2", "pause n2").endsWith("resume n2", "ready n2");
  }

  @Test
  void theLeaderIsCutOffFromAllOthersInBothDirectionsAndTheCutIsMended() throws Exception {
    run(new Fault.Partition(Cut.ONE_NODE));
    assertThat(cluster.calls).containsExactly("cut [n2] [n1, n3]", "cut [n1, n3] [n2]", "mend", "ready n2");
  }

  @Test
  void inOneDirectionTheLeaderIsNotHeardOrHearsNothing() throws Exception {
    run(new Fault.Partition(Cut.ONE_WAY), new Fault.Partition(Cut.DEAF));
    assertThat(cluster.calls)
        .containsExactly("cut [n2] [n1, n3]", "mend", "ready n2", "cut [n1, n3] [n2]", "mend", "ready n2");
  }

  @Test
  void theMinorityHearsItselfAndHoldsTheLeader() throws Exception {
    cluster.names = List.of("n1", "n2", "n3", "n4", "n5");
    run(new Fault.Partition(Cut.MINORITY));
    assertThat(injector.struck()).extracting(FaultEvent::target).hasSize(2).contains("n2");
    assertThat(cluster.calls).first().asString().matches("cut \\[n2, n\\d] \\[n\\d, n\\d, n\\d]");
  }

  @Test
  void aNodeOfRedisIsCutOffFromRedisToo() throws Exception {
    new FaultInjector(cluster, SessionStrategy.REDIS, () -> clock.addAndGet(1_000_000), new Random(1))
        .run(new Schedule(
            List.of(new Planned(new Fault.Partition(Cut.ONE_WAY), Duration.ZERO, Duration.ofMillis(5))), List.of()));
    assertThat(cluster.calls).first().asString().endsWith(", redis-server]");
  }

  @Test
  void aPrimaryThatWasKilledComesBackOnceAnotherHasItsPlace() throws Exception {
    run(new Fault.RedisFailover());
    assertThat(cluster.calls).containsExactly(
        "kill redis-replica-1 behind", "failover from redis-replica-1", "rejoin redis-replica-1");
  }

  @Test
  void whatCannotBeCutIsMendedAllTheSame() {
    cluster.cutFails = true;
    assertThatThrownBy(() -> run(new Fault.Partition(Cut.ONE_NODE))).isInstanceOf(ClusterFailure.class);
    assertThat(cluster.calls).containsExactly("mend");
  }

  @Test
  void aNodeThatDoesNotComeBackEndsTheScheduleAndItsFaultStaysOpen() {
    cluster.restartFails = true;
    assertThatThrownBy(() -> run(new Fault.Kill(), new Fault.Pause())).isInstanceOf(ClusterFailure.class);
    assertThat(injector.struck()).singleElement().extracting(FaultEvent::ended).isEqualTo(-1L);
    assertThat(cluster.calls).doesNotContain("pause n2");
  }

  @Test
  void aNodeThatJoinsLeavesAgainAndOneThatLeavesJoinsAgain() throws Exception {
    run(new Fault.ScaleOut(), new Fault.ScaleIn());
    assertThat(cluster.calls).containsExactly("add n4", "ready n4", "remove n4", "remove n3", "add n3", "ready n3");
    assertThat(injector.struck()).extracting(FaultEvent::target).containsExactly("n4", "n3");
  }

  @Test
  void aClockThatJumpedAheadThenFallsBehindAndIsRightInTheEnd() throws Exception {
    run(new Fault.Clock(Jump.MINUTES), new Fault.Clock(Jump.PAST_TIMEOUT));
    assertThat(cluster.calls).containsExactly(
        "clock n2 PT5M", "clock n2 PT-5M", "clock n2 PT0S", "ready n2", "clock n2 PT1H", "clock n2 PT-1H",
        "clock n2 PT0S", "ready n2");
    assertThat(injector.struck()).extracting(FaultEvent::kind).containsExactly("clock", "clock-far");
  }

  @Test
  void aClockThatDoesNotJumpIsSetRightAndItsFaultStaysOpen() {
    cluster.clockFails = true;
    assertThatThrownBy(() -> run(new Fault.Clock(Jump.MINUTES))).isInstanceOf(ClusterFailure.class);
    assertThat(cluster.calls).containsExactly("clock n2 PT0S");
    assertThat(injector.struck()).singleElement().extracting(FaultEvent::ended).isEqualTo(-1L);
  }

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.fault.Fault#all")
  void everyFaultIsDoneOrRefusedAndNoneStopsANodeForGood(Fault fault) throws Exception {
    run(fault);
    assertThat(injector.struck()).isNotEmpty().allSatisfy(event -> {
      assertThat(event.kind()).isEqualTo(fault.id());
      assertThat(event.ended()).isGreaterThanOrEqualTo(event.began());
      String end = switch (fault) {
        case Fault.ScaleOut _ -> "remove ";
        case Fault.RedisFailover _ -> "rejoin ";
        default -> "ready ";
      };
      assertThat(cluster.calls).endsWith(end + injector.struck().getLast().target());
    });
  }

  private void run(Fault... faults) throws ClusterFailure, InterruptedException {
    List<Planned> planned = Arrays.stream(faults).map(fault -> new Planned(fault, Duration.ZERO, Duration.ofMillis(5)))
        .toList();
    injector.run(new Schedule(planned, List.of()));
  }

  /** Three nodes, of which the second leads. */
  private static final class Recorder implements FaultTarget {
    private final List<String> calls = new ArrayList<>();
    private List<String> names = List.of("n1", "n2", "n3");
    private boolean restartFails;
    private boolean cutFails;
    private boolean clockFails;

    @Override
    public Optional<String> whyNot(Fault fault) {
      return Optional.empty();
    }

    @Override
    public String furtherNode() {
      return "n4";
    }

    @Override
    public String lastNode() {
      return "n3";
    }

    @Override
    public void add(String name) {
      calls.add("add " + name);
    }

    @Override
    public boolean remove(String name) {
      return calls.add("remove " + name);
    }

    @Override
    public void setClock(String name, Duration error) throws ClusterFailure {
      if (clockFails && !error.isZero()) {
        throw new ClusterFailure("it goes on as ever");
      }
      calls.add("clock " + name + " " + error);
    }

    @Override
    public Map<String, Optional<SessionStoreState>> states() {
      Map<String, Optional<SessionStoreState>> states = new LinkedHashMap<>();
      for (String name : names) {
        states.put(name, Optional.of(new SessionStoreState(1, "n2")));
      }
      return states;
    }

    @Override
    public void cut(List<String> from, List<String> to) throws ClusterFailure {
      if (cutFails) {
        throw new ClusterFailure("no scissors");
      }
      calls.add("cut " + from + " " + to);
    }

    @Override
    public String primary() {
      return "redis-replica-1";
    }

    @Override
    public void killPrimary(String primary, Duration behind) {
      calls.add("kill " + primary + " behind");
    }

    @Override
    public void rejoin(String former) {
      calls.add("rejoin " + former);
    }

    @Override
    public void awaitFailover(String former) {
      calls.add("failover from " + former);
    }

    @Override
    public void mend() {
      calls.add("mend");
    }

    @Override
    public void kill(String name) {
      calls.add("kill " + name);
    }

    @Override
    public void wipe(String name) {
      calls.add("wipe " + name);
    }

    @Override
    public boolean terminate(String name) {
      return calls.add("terminate " + name);
    }

    @Override
    public void pause(String name) {
      calls.add("pause " + name);
    }

    @Override
    public void resume(String name) {
      if (!calls.getLast().equals("resume " + name)) {
        calls.add("resume " + name);
      }
    }

    @Override
    public void restart(String name) throws ClusterFailure {
      if (restartFails) {
        throw new ClusterFailure(name + " does not start");
      }
      calls.add("restart " + name);
    }

    @Override
    public void awaitReady(String name) {
      calls.add("ready " + name);
    }
  }
}
