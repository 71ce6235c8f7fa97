package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.kubernetes.ReleaseFaultTarget.Limits;
import dev.statecraft.lab.environment.kubernetes.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Kind;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.FaultInjector;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.fault.Schedule;
import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReleaseFaultTargetTest {
  private static final Workload NODES = new Workload(Kind.STATEFUL_SET, "shop-stateful-redis", "stateful-redis", 3);
  private static final Workload GATEWAY = new Workload(Kind.DEPLOYMENT, "shop-gateway", "gateway", 2);
  private static final Workload REDIS = new Workload(Kind.STATEFUL_SET, "shop-redis", "redis", 1);

  private static final Limits DIRECT = new Limits(false, true, 0);

  private final Cluster cluster = new Cluster();

  @Test
  void killDeletesAPodWithoutGracePeriod() throws Exception {
    ReleaseFaultTarget target = target(SessionStrategies.of("redis"), DIRECT);
    String before = cluster.uid("shop-stateful-redis-1");
    target.kill("shop-stateful-redis-1");
    target.restart("shop-stateful-redis-1");
    target.awaitReady("shop-stateful-redis-1");

    assertThat(cluster.calls).containsExactly("delete shop-stateful-redis-1 0");
    assertThat(cluster.uid("shop-stateful-redis-1")).isNotEqualTo(before);
  }

  @Test
  void gatewayHasRecoveredWhenAllReplicasAreReady() throws Exception {
    ReleaseFaultTarget target = target(SessionStrategies.of("redis"), DIRECT);
    target.kill(FaultTarget.GATEWAY);
    target.restart(FaultTarget.GATEWAY);
    target.awaitReady(FaultTarget.GATEWAY);

    assertThat(cluster.calls).containsExactly("delete shop-gateway-a 0");
    assertThat(cluster.pods(GATEWAY)).hasSize(2).noneMatch(pod -> pod.name().equals("shop-gateway-a"));
  }

  @Test
  void terminateUsesTheGracePeriodOfThePod() throws Exception {
    assertThat(target(SessionStrategies.of("redis"), DIRECT).terminate("shop-stateful-redis-0")).isTrue();
    assertThat(cluster.calls).containsExactly("delete shop-stateful-redis-0 null");
  }

  @Test
  void reportsAPodThatHadToBeKilled() throws Exception {
    cluster.kills = true;
    assertThat(target(SessionStrategies.of("redis"), DIRECT).terminate("shop-stateful-redis-0")).isFalse();
  }

  @Test
  void rolloutReplacesNodesAndGatewaysTogether() throws Exception {
    ReleaseFaultTarget target = target(SessionStrategies.of("redis"), DIRECT);
    FaultInjector injector = run(target, fault("rolling"));

    assertThat(cluster.calls).containsExactly("restart shop-stateful-redis", "restart shop-gateway");
    assertThat(injector.injected()).extracting(FaultEvent::target).containsExactly("shop-stateful-redis-0",
        "shop-stateful-redis-1", "shop-stateful-redis-2", "gateway");
    assertThat(injector.injected()).allMatch(event -> event.ended() >= event.began());
  }

  @Test
  void scalingRestoresTheReplicaCount() throws Exception {
    ReleaseFaultTarget target = target(SessionStrategies.of("redis"), DIRECT);
    FaultInjector injector = run(target, fault("scale-out"), fault("scale-in"));

    assertThat(cluster.calls).containsExactly("scale shop-stateful-redis 4", "scale shop-stateful-redis 3",
        "scale shop-stateful-redis 2", "scale shop-stateful-redis 3");
    assertThat(injector.injected()).extracting(FaultEvent::target).containsExactly("shop-stateful-redis-3",
        "shop-stateful-redis-2");
  }

  @Test
  void killsThePodOfASingleRedis() throws Exception {
    run(target(SessionStrategies.of("redis"), DIRECT), fault("redis-kill"));
    assertThat(cluster.calls).containsExactly("delete shop-redis-0 0");
  }

  @Test
  void killsThePrimaryBehindSentinels() throws Exception {
    cluster.sentinels("shop-redis-1");
    run(target(SessionStrategies.of("redis"), DIRECT), fault("redis-kill"));
    assertThat(cluster.calls).containsExactly("delete shop-redis-1 0");
  }

  @Test
  void failoverEndsWhenTheFormerPrimaryIsBack() throws Exception {
    cluster.sentinels("shop-redis-1", "shop-redis-1", "shop-redis-2");
    FaultInjector injector = run(target(SessionStrategies.of("redis"), DIRECT), fault("redis-failover"));

    assertThat(injector.injected()).singleElement().extracting(FaultEvent::target).isEqualTo("shop-redis-1");
    assertThat(cluster.calls).startsWith("delete shop-redis-1 0").containsOnly("delete shop-redis-1 0");
    assertThat(cluster.pods(cluster.redis)).allMatch(ReleasePod::ready).extracting(ReleasePod::name)
        .contains("shop-redis-1");
  }

  @Test
  void killsPrimaryAgainIfItRestartsTooSoon() throws Exception {
    cluster.sentinels(Stream.concat(Stream.generate(() -> "shop-redis-1").limit(6), Stream.of("shop-redis-0"))
        .toArray(String[]::new));
    run(target(SessionStrategies.of("redis"), DIRECT), fault("redis-failover"));
    assertThat(cluster.calls).hasSizeGreaterThan(1).containsOnly("delete shop-redis-1 0");
  }

  @Test
  void forwardedGatewayLimitsFaults() {
    assertThat(unsupported(SessionStrategies.of("redis"), new Limits(true, false, 0)))
        .contains("pause", "pause-short", "slow", "rolling", "gateway-kill", "scale-out", "clock")
        .doesNotContain("kill", "term", "kill-all", "redis-kill", "scale-in");
  }

  @Test
  void directGatewayAllowsEveryFaultOfPods() {
    List<String> unsupported = unsupported(SessionStrategies.of("redis"), DIRECT);
    assertThat(Faults.all().stream().map(Fault::name).filter(name -> !unsupported.contains(name)))
        .containsExactly("kill", "term", "rolling", "kill-all", "gateway-kill", "redis-kill", "scale-out", "scale-in");
  }

  @Test
  void initialMembersCannotBeScaledIn() {
    assertThat(unsupported(SessionStrategies.of("replicated"), new Limits(false, true, 3)))
        .contains("scale-in", "redis-kill", "wipe").doesNotContain("kill", "rolling", "scale-out");
    assertThat(unsupported(SessionStrategies.of("replicated"), new Limits(false, true, 1))).doesNotContain("scale-in");
  }

  @Test
  void sentinelsAllowAFailover() {
    cluster.sentinels("shop-redis-0");
    assertThat(unsupported(SessionStrategies.of("redis"), DIRECT)).doesNotContain("redis-failover");
    assertThat(fault("redis-kill").describe(target(SessionStrategies.of("redis"), DIRECT).facts()))
        .isEqualTo("kill the pod of shop-redis that is the primary");
  }

  @Test
  void reportsAMissingPod() {
    FaultTarget target = target(SessionStrategies.of("redis"), DIRECT);
    assertThatThrownBy(() -> target.kill("shop-stateful-redis-9")).isInstanceOf(ClusterFailure.class)
        .hasMessageContaining("shop-stateful-redis-9");
  }

  private ReleaseFaultTarget target(SessionStrategy strategy, Limits limits) {
    ReleaseShape shape = new ReleaseShape("shop", Map.of(strategy, NODES), GATEWAY, Optional.of(cluster.redis));
    return new ReleaseFaultTarget(shape, cluster, strategy, limits, cluster::scale, Duration.ofMillis(1));
  }

  private List<String> unsupported(SessionStrategy strategy, Limits limits) {
    ReleaseFacts facts = target(strategy, limits).facts();
    return Faults.all().stream().filter(fault -> Faults.unsupportedOn(facts, fault, strategy).isPresent())
        .map(Fault::name).toList();
  }

  private static Fault fault(String name) {
    return Faults.named(name).orElseThrow();
  }

  private static FaultInjector run(FaultTarget target, Fault... faults) throws Exception {
    FaultInjector injector = new FaultInjector(target, SessionStrategies.of("redis"), System::nanoTime, new Random(1));
    List<Planned> planned = new ArrayList<>();
    for (Fault fault : faults) {
      planned.add(new Planned(fault, Duration.ZERO, Duration.ofMillis(1)));
    }
    injector.run(new Schedule(planned, List.of()));
    return injector;
  }

  /** A simulated cluster. Each poll advances a deleted pod by one step: terminating, created again, ready. */
  private static final class Cluster implements ReleaseObjects {
    private final List<String> calls = new ArrayList<>();
    private final List<ReleasePod> pods = new ArrayList<>();
    private final List<String> primaries = new ArrayList<>();
    private int rounds;
    private Workload redis = REDIS;
    private int uids;
    private boolean kills;

    Cluster() {
      for (int number = 0; number < 3; number++) {
        pods.add(pod("shop-stateful-redis-" + number, true));
      }
      pods.add(pod("shop-gateway-a", true));
      pods.add(pod("shop-gateway-b", true));
      pods.add(pod("shop-redis-0", true));
    }

    /** The reported primaries, one for each poll of all nodes; the last one remains. */
    void sentinels(String... primary) {
      redis = new Workload(Kind.STATEFUL_SET, "shop-redis", "redis", 3);
      pods.add(pod("shop-redis-1", true));
      pods.add(pod("shop-redis-2", true));
      primaries.addAll(List.of(primary));
    }

    private ReleasePod pod(String name, boolean ready) {
      return new ReleasePod(name, "uid-" + ++uids, ready, false, false);
    }

    String uid(String name) {
      return pods.stream().filter(pod -> pod.name().equals(name)).findFirst().orElseThrow().uid();
    }

    @Override
    public List<ReleasePod> pods(Workload workload) {
      List<ReleasePod> now = pods.stream().filter(pod -> pod.name().startsWith(workload.name() + "-"))
          .sorted(Comparator.comparing(ReleasePod::name))
          .map(pod -> new ReleasePod(pod.name(), pod.uid(), pod.ready(), pod.terminating(), kills && pod.terminating()))
          .toList();
      pods.replaceAll(
          pod -> pod.ready() || pod.terminating() ? pod : new ReleasePod(pod.name(), pod.uid(), true, false, false));
      for (ReleasePod pod : List.copyOf(pods)) {
        if (pod.terminating()) {
          pods.remove(pod);
          if (!pod.name().endsWith("redis-3")) {
            pods.add(pod(pod.name().contains("gateway") ? pod.name() + "x" : pod.name(), false));
          }
        }
      }
      return now;
    }

    @Override
    public void delete(String pod, @Nullable Long graceSeconds) {
      calls.add("delete " + pod + " " + graceSeconds);
      startTermination(pod);
    }

    private void startTermination(String name) {
      pods.replaceAll(pod -> pod.name().equals(name) ? new ReleasePod(name, pod.uid(), false, true, false) : pod);
    }

    @Override
    public void restart(Workload workload) {
      calls.add("restart " + workload.name());
    }

    @Override
    public boolean isRolledOut(Workload workload) {
      return uids++ % 2 == 0;
    }

    @Override
    public void scale(Workload workload, int replicas) {
      calls.add("scale " + workload.name() + " " + replicas);
      for (int number = 0; number < replicas; number++) {
        String name = workload.name() + "-" + number;
        if (pods.stream().noneMatch(pod -> pod.name().equals(name) && !pod.terminating())) {
          pods.removeIf(pod -> pod.name().equals(name));
          pods.add(pod(name, false));
        }
      }
      pods.removeIf(pod -> pod.name().startsWith(workload.name() + "-")
          && Integer.parseInt(pod.name().substring(pod.name().lastIndexOf('-') + 1)) >= replicas);
    }

    @Override
    public Optional<SessionStoreState> sessionStore(String pod) {
      if (primaries.isEmpty()) {
        return Optional.of(new SessionStoreState(1, null, null));
      }
      rounds += pod.endsWith("-0") ? 1 : 0;
      String primary = primaries.get(Math.min(rounds, primaries.size()) - 1);
      return Optional.of(new SessionStoreState(1, null, primary + ".shop-redis"));
    }
  }
}
