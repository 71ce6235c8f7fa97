package dev.statecraft.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeHealthTest {
  private static final int CLIENT = 7;
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

  private final AtomicLong clock = new AtomicLong();
  private final EjectionQuota quota = new EjectionQuota();
  private final List<NodeStatus> history = new ArrayList<>();
  private NodeHealth health = node();

  @BeforeEach
  void admit() {
    quota.poolSize(4);
    health = node();
    health.probed(ProbeResult.READY);
    history.clear();
  }

  @Test
  void goodProbeAdmitsNewNode() {
    NodeHealth newcomer = node();
    assertThat(newcomer.status()).isEqualTo(NodeStatus.UNKNOWN);
    newcomer.probed(ProbeResult.SILENT);
    assertThat(newcomer.status()).isEqualTo(NodeStatus.UNKNOWN);
    newcomer.probed(ProbeResult.READY);
    assertThat(newcomer.status()).isEqualTo(NodeStatus.AVAILABLE);
  }

  @Test
  void ejectsAtOnceAfterRefusedConnection() {
    health.failed(FailureCause.REFUSED, CLIENT);
    assertThat(health.status()).isEqualTo(NodeStatus.EJECTED);
    assertThat(health.holdsSessions()).isFalse();
  }

  @Test
  void ejectsAfterSeveralOtherFailuresInRow() {
    for (FailureCause cause : List.of(FailureCause.BROKEN, FailureCause.TIME_OUT, FailureCause.ERRORS)) {
      for (int i = 0; i < 20; i++) {
        health.failed(cause, i);
        if (i % 2 == 1) {
          health.succeeded();
        }
      }
      assertThat(history).as(cause.label()).isEmpty();
    }
    for (int i = 0; i < NodeHealth.BROKEN_TO_EJECT; i++) {
      health.failed(FailureCause.BROKEN, i);
    }
    assertThat(history).containsExactly(NodeStatus.EJECTED);
  }

  @Test
  void outlierStaysOutLongerEachTime() {
    OutlierRule rule = new OutlierRule(Duration.ofSeconds(5), 2, 50, 0.1, 3, 0.5, Duration.ofSeconds(10));
    for (int seconds = 10; seconds <= 40; seconds *= 2) {
      assertThat(health.ejectOutlier(rule)).isTrue();
      assertThat(health.ejectOutlier(rule)).isFalse();
      assertThat(health.cause()).isEqualTo(FailureCause.FAILURE_RATE);
      assertThat(health.holdsSessions()).isTrue();
      clock.addAndGet(Duration.ofSeconds(seconds).toNanos() - 1);
      health.probed(ProbeResult.READY);
      assertThat(health.status()).isEqualTo(NodeStatus.EJECTED);
      clock.addAndGet(1);
      health.probed(ProbeResult.READY);
      assertThat(health.status()).isEqualTo(NodeStatus.AVAILABLE);
    }
  }

  @Test
  void outliersTakeTheirShareOfTheQuotaOnly() {
    OutlierRule rule = new OutlierRule(Duration.ofSeconds(5), 2, 50, 0.1, 3, 0.2, Duration.ofSeconds(10));
    assertThat(health.ejectOutlier(rule)).isFalse();
    quota.poolSize(5);
    assertThat(health.ejectOutlier(rule)).isTrue();
  }

  @Test
  void oneClientEjectsNoNode() {
    for (FailureCause cause : List.of(FailureCause.BROKEN, FailureCause.TIME_OUT, FailureCause.ERRORS)) {
      for (int i = 0; i < 100; i++) {
        assertThat(health.failed(cause, CLIENT)).isFalse();
      }
    }
    assertThat(history).isEmpty();
    assertThat(health.failed(FailureCause.BROKEN, CLIENT + 1)).isTrue();
    assertThat(history).containsExactly(NodeStatus.EJECTED);
  }

  @Test
  void provenFailuresOfOneClientEject() {
    for (int i = 0; i < NodeHealth.TIME_OUTS_TO_EJECT; i++) {
      assertThat(history).isEmpty();
      assertThat(health.failed(FailureCause.TIME_OUT, CLIENT)).isEqualTo(i > 0);
      health.proveFailure();
    }
    assertThat(history).containsExactly(NodeStatus.EJECTED);
  }

  @Test
  void oldFailuresOfOneClientAreForgotten() {
    for (int i = 0; i < 100; i++) {
      health.failed(FailureCause.ERRORS, CLIENT);
    }
    clock.addAndGet(FailureEvidence.VALIDITY.toNanos() + 1);
    assertThat(health.failed(FailureCause.ERRORS, CLIENT + 1)).isFalse();
    assertThat(history).isEmpty();
  }

  @Test
  void goodAnswerSeparatesFailuresOfTwoClients() {
    for (int i = 0; i < 100; i++) {
      health.failed(FailureCause.BROKEN, i);
      health.succeeded();
    }
    assertThat(health.failed(FailureCause.BROKEN, CLIENT)).isFalse();
  }

  @Test
  void nodeThatLeftChangesNoMore() {
    health.leave();
    history.clear();
    health.probed(ProbeResult.NOT_READY);
    health.probed(ProbeResult.READY);
    assertThat(history).isEmpty();
  }

  @Test
  void keepsSessionsAfterErrorsAndBrokenConnections() {
    for (FailureCause cause : List.of(FailureCause.ERRORS, FailureCause.BROKEN)) {
      admit();
      for (int i = 0; i < NodeHealth.ERRORS_TO_EJECT; i++) {
        health.failed(cause, i);
      }
      assertThat(health.status()).as(cause.label()).isEqualTo(NodeStatus.EJECTED);
      assertThat(health.holdsSessions()).as(cause.label()).isTrue();
    }
  }

  @Test
  void losesSessionsAfterSilenceOfSessionTimeout() {
    health.probed(ProbeResult.SILENT);
    clock.addAndGet(SESSION_TIMEOUT.toNanos() - 1);
    health.probed(ProbeResult.SILENT);
    health.failed(FailureCause.TIME_OUT, CLIENT);
    assertThat(health.status()).isEqualTo(NodeStatus.UNREADY);
    assertThat(health.holdsSessions()).isTrue();
    clock.incrementAndGet();
    assertThat(health.holdsSessions()).isFalse();
  }

  @Test
  void anyAnswerEndsSilence() {
    health.probed(ProbeResult.SILENT);
    health.probed(ProbeResult.SILENT);
    clock.addAndGet(SESSION_TIMEOUT.toNanos() - 1);
    health.succeeded();
    clock.addAndGet(SESSION_TIMEOUT.toNanos());
    assertThat(health.holdsSessions()).isTrue();
    health.failed(FailureCause.UNREACHABLE, CLIENT);
    clock.addAndGet(SESSION_TIMEOUT.toNanos());
    assertThat(health.holdsSessions()).isFalse();
    health.failed(FailureCause.ERRORS, CLIENT);
    assertThat(health.holdsSessions()).isTrue();
  }

  @Test
  void unreadyNodeStaysWithoutSessionsWhenItFallsSilent() {
    for (ProbeResult last : List.of(ProbeResult.NOT_READY, ProbeResult.REFUSED)) {
      admit();
      health.probed(last);
      health.probed(ProbeResult.SILENT);
      health.probed(ProbeResult.SILENT);
      assertThat(health.holdsSessions()).isFalse();
      health.probed(ProbeResult.READY);
      assertThat(health.holdsSessions()).isTrue();
    }
  }

  @Test
  void unprobedNodeHoldsItsSessions() {
    assertThat(node().holdsSessions()).isTrue();
  }

  @Test
  void doublesEjectionTimeUpToMaximum() {
    Duration expected = NodeHealth.MIN_EJECTION;
    for (int i = 0; i < 10; i++) {
      health.failed(FailureCause.REFUSED, CLIENT);
      clock.addAndGet(expected.toNanos() - 1);
      health.probed(ProbeResult.READY);
      assertThat(health.status()).as("ejection " + i).isEqualTo(NodeStatus.EJECTED);
      clock.incrementAndGet();
      health.probed(ProbeResult.READY);
      assertThat(health.status()).as("ejection " + i).isEqualTo(NodeStatus.AVAILABLE);
      expected = expected.multipliedBy(2);
      if (expected.compareTo(NodeHealth.MAX_EJECTION) > 0) {
        expected = NodeHealth.MAX_EJECTION;
      }
    }
  }

  @Test
  void longSuccessResetsEjectionTime() {
    health.failed(FailureCause.REFUSED, CLIENT);
    clock.addAndGet(NodeHealth.MIN_EJECTION.toNanos());
    health.probed(ProbeResult.READY);
    clock.addAndGet(NodeHealth.MAX_EJECTION.toNanos() + 1);
    health.failed(FailureCause.REFUSED, CLIENT);
    clock.addAndGet(NodeHealth.MIN_EJECTION.toNanos());
    health.probed(ProbeResult.READY);
    assertThat(health.status()).isEqualTo(NodeStatus.AVAILABLE);
  }

  @Test
  void ejectsAtMostHalfOfThePool() {
    quota.poolSize(3);
    NodeHealth second = node();
    second.probed(ProbeResult.READY);
    health.failed(FailureCause.REFUSED, CLIENT);
    second.failed(FailureCause.REFUSED, CLIENT);
    assertThat(second.status()).isEqualTo(NodeStatus.AVAILABLE);
    second.probed(ProbeResult.REFUSED);
    assertThat(second.status()).isEqualTo(NodeStatus.UNREADY);
  }

  @Test
  void leavingNodeReleasesItsQuota() {
    quota.poolSize(2);
    health.failed(FailureCause.REFUSED, CLIENT);
    health.leave();
    NodeHealth second = node();
    second.probed(ProbeResult.READY);
    second.failed(FailureCause.REFUSED, CLIENT);
    assertThat(second.status()).isEqualTo(NodeStatus.EJECTED);
  }

  @Test
  void takesOutAfterTwoSilentProbesOrOneNotReady() {
    health.probed(ProbeResult.SILENT);
    assertThat(health.status()).isEqualTo(NodeStatus.AVAILABLE);
    health.probed(ProbeResult.SILENT);
    assertThat(health.status()).isEqualTo(NodeStatus.UNREADY);
    health.probed(ProbeResult.READY);
    health.probed(ProbeResult.NOT_READY);
    assertThat(health.status()).isEqualTo(NodeStatus.UNREADY);
    assertThat(health.cause()).isEqualTo(FailureCause.NOT_READY);
  }

  @Test
  void startsReturningNodeSlowly() {
    NodeHealth restarted = node(new SlowStart(Duration.ofSeconds(10), false));
    restarted.probed(ProbeResult.READY);
    assertThat(restarted.slowStartShare()).isEqualTo(1);
    restarted.probed(ProbeResult.REFUSED);
    restarted.probed(ProbeResult.READY);
    assertThat(restarted.slowStartShare()).isEqualTo(NodeHealth.MIN_SHARE);
    clock.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(restarted.slowStartShare()).isEqualTo(0.5);
    clock.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(restarted.slowStartShare()).isEqualTo(1);
    assertThat(restarted.isInSlowStart()).isFalse();
  }

  @Test
  void startsNodeSlowlyWhenItJoinsOthers() {
    NodeHealth joining = node(new SlowStart(Duration.ofSeconds(10), true));
    joining.probed(ProbeResult.READY);
    assertThat(joining.slowStartShare()).isEqualTo(NodeHealth.MIN_SHARE);
  }

  private NodeHealth node() {
    return node(SlowStart.NONE);
  }

  private NodeHealth node(SlowStart slowStart) {
    return new NodeHealth(quota, clock::get, change -> history.add(change.to()), slowStart,
        SESSION_TIMEOUT);
  }
}
