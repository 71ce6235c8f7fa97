package dev.statecraft.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeHealthTest {
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

  private final AtomicLong clock = new AtomicLong();
  private final EjectionQuota quota = new EjectionQuota();
  private final List<NodeStatus> history = new ArrayList<>();
  private NodeHealth health = node();

  @BeforeEach
  void admit() {
    quota.poolSize(4);
    health = node();
    health.probed(ProbeAnswer.READY);
    history.clear();
  }

  @Test
  void joinsOnlyAfterAGoodProbe() {
    NodeHealth newcomer = node();
    assertThat(newcomer.status()).isEqualTo(NodeStatus.UNKNOWN);
    newcomer.probed(ProbeAnswer.SILENT);
    assertThat(newcomer.status()).isEqualTo(NodeStatus.UNKNOWN);
    newcomer.probed(ProbeAnswer.READY);
    assertThat(newcomer.status()).isEqualTo(NodeStatus.AVAILABLE);
  }

  @Test
  void refusedConnectionEjectsAtOnce() {
    health.failed(Cause.REFUSED);
    assertThat(health.status()).isEqualTo(NodeStatus.EJECTED);
    assertThat(health.holdsSessions()).isFalse();
  }

  @Test
  void otherFailuresEjectOnlyWhenTheyComeConsecutively() {
    for (Cause cause : List.of(Cause.BROKEN, Cause.TIME_OUT, Cause.ERRORS)) {
      for (int i = 0; i < 20; i++) {
        health.failed(cause);
        if (i % 2 == 1) {
          health.succeeded();
        }
      }
      assertThat(history).as(cause.label()).isEmpty();
    }
    for (int i = 0; i < NodeHealth.BROKEN_TO_EJECT; i++) {
      health.failed(Cause.BROKEN);
    }
    assertThat(history).containsExactly(NodeStatus.EJECTED);
  }

  @Test
  void sessionsOfANodeThatAnswersErrorsOrBreaksOffStayReachable() {
    for (Cause cause : List.of(Cause.ERRORS, Cause.BROKEN)) {
      admit();
      for (int i = 0; i < NodeHealth.ERRORS_TO_EJECT; i++) {
        health.failed(cause);
      }
      assertThat(health.status()).as(cause.label()).isEqualTo(NodeStatus.EJECTED);
      assertThat(health.holdsSessions()).as(cause.label()).isTrue();
    }
  }

  @Test
  void silentNodeKeepsItsSessionsUntilItHasBeenSilentForTooLong() {
    health.probed(ProbeAnswer.SILENT);
    clock.addAndGet(LONGEST_SILENCE.toNanos() - 1);
    health.probed(ProbeAnswer.SILENT);
    health.failed(Cause.TIME_OUT);
    assertThat(health.status()).isEqualTo(NodeStatus.UNREADY);
    assertThat(health.holdsSessions()).isTrue();
    clock.incrementAndGet();
    assertThat(health.holdsSessions()).isFalse();
  }

  @Test
  void answerToAnyRequestEndsTheSilence() {
    health.probed(ProbeAnswer.SILENT);
    health.probed(ProbeAnswer.SILENT);
    clock.addAndGet(LONGEST_SILENCE.toNanos() - 1);
    health.succeeded();
    clock.addAndGet(LONGEST_SILENCE.toNanos());
    assertThat(health.holdsSessions()).isTrue();
    health.failed(Cause.UNREACHABLE);
    clock.addAndGet(LONGEST_SILENCE.toNanos());
    assertThat(health.holdsSessions()).isFalse();
    health.failed(Cause.ERRORS);
    assertThat(health.holdsSessions()).isTrue();
  }

  @Test
  void nodeThatSaidItIsGoingDoesNotGetItsSessionsBackByFallingSilent() {
    for (ProbeAnswer last : List.of(ProbeAnswer.NOT_READY, ProbeAnswer.REFUSED)) {
      admit();
      health.probed(last);
      health.probed(ProbeAnswer.SILENT);
      health.probed(ProbeAnswer.SILENT);
      assertThat(health.holdsSessions()).isFalse();
      health.probed(ProbeAnswer.READY);
      assertThat(health.holdsSessions()).isTrue();
    }
  }

  @Test
  void nodeThatNobodyAskedYetHoldsItsSessions() {
    assertThat(node().holdsSessions()).isTrue();
  }

  @Test
  void ejectionLastsTwiceAsLongEachTime() {
    Duration expected = NodeHealth.FIRST_EJECTION;
    for (int i = 0; i < 10; i++) {
      health.failed(Cause.REFUSED);
      clock.addAndGet(expected.toNanos() - 1);
      health.probed(ProbeAnswer.READY);
      assertThat(health.status()).as("ejection " + i).isEqualTo(NodeStatus.EJECTED);
      clock.incrementAndGet();
      health.probed(ProbeAnswer.READY);
      assertThat(health.status()).as("ejection " + i).isEqualTo(NodeStatus.AVAILABLE);
      expected = expected.multipliedBy(2);
      if (expected.compareTo(NodeHealth.LONGEST_EJECTION) > 0) {
        expected = NodeHealth.LONGEST_EJECTION;
      }
    }
  }

  @Test
  void goodSpellForgivesFormerEjections() {
    health.failed(Cause.REFUSED);
    clock.addAndGet(NodeHealth.FIRST_EJECTION.toNanos());
    health.probed(ProbeAnswer.READY);
    clock.addAndGet(NodeHealth.LONGEST_EJECTION.toNanos() + 1);
    health.failed(Cause.REFUSED);
    clock.addAndGet(NodeHealth.FIRST_EJECTION.toNanos());
    health.probed(ProbeAnswer.READY);
    assertThat(health.status()).isEqualTo(NodeStatus.AVAILABLE);
  }

  @Test
  void neverMoreThanHalfOfThePoolIsEjected() {
    quota.poolSize(3);
    NodeHealth second = node();
    second.probed(ProbeAnswer.READY);
    health.failed(Cause.REFUSED);
    second.failed(Cause.REFUSED);
    assertThat(second.status()).isEqualTo(NodeStatus.AVAILABLE);
    second.probed(ProbeAnswer.REFUSED);
    assertThat(second.status()).isEqualTo(NodeStatus.UNREADY);
  }

  @Test
  void leavingGivesTheQuotaBack() {
    quota.poolSize(2);
    health.failed(Cause.REFUSED);
    health.leave();
    NodeHealth second = node();
    second.probed(ProbeAnswer.READY);
    second.failed(Cause.REFUSED);
    assertThat(second.status()).isEqualTo(NodeStatus.EJECTED);
  }

  @Test
  void readinessSpeaksForItselfAndOneSilenceIsForgiven() {
    health.probed(ProbeAnswer.SILENT);
    assertThat(health.status()).isEqualTo(NodeStatus.AVAILABLE);
    health.probed(ProbeAnswer.SILENT);
    assertThat(health.status()).isEqualTo(NodeStatus.UNREADY);
    health.probed(ProbeAnswer.READY);
    health.probed(ProbeAnswer.NOT_READY);
    assertThat(health.status()).isEqualTo(NodeStatus.UNREADY);
    assertThat(health.cause()).isEqualTo(Cause.NOT_READY);
  }

  @Test
  void nodeThatComesBackIsEasedIn() {
    NodeHealth restarted = node(new SlowStart(Duration.ofSeconds(10), false));
    restarted.probed(ProbeAnswer.READY);
    assertThat(restarted.warmth()).isEqualTo(1);
    restarted.probed(ProbeAnswer.REFUSED);
    restarted.probed(ProbeAnswer.READY);
    assertThat(restarted.warmth()).isEqualTo(NodeHealth.LEAST_WARMTH);
    clock.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(restarted.warmth()).isEqualTo(0.5);
    clock.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(restarted.warmth()).isEqualTo(1);
    assertThat(restarted.isWarming()).isFalse();
  }

  @Test
  void nodeThatJoinsOthersIsEasedInFromTheFirst() {
    NodeHealth late = node(new SlowStart(Duration.ofSeconds(10), true));
    late.probed(ProbeAnswer.READY);
    assertThat(late.warmth()).isEqualTo(NodeHealth.LEAST_WARMTH);
  }

  private NodeHealth node() {
    return node(SlowStart.NONE);
  }

  private NodeHealth node(SlowStart slowStart) {
    return new NodeHealth(quota, clock::get, (from, to, cause) -> history.add(to), slowStart,
        LONGEST_SILENCE);
  }
}
