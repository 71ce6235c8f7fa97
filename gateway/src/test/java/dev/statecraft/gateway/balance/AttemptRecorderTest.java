package dev.statecraft.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.health.EjectionQuota;
import dev.statecraft.gateway.health.FailureCause;
import dev.statecraft.gateway.health.NodeStatus;
import dev.statecraft.gateway.health.OutlierRule;
import dev.statecraft.gateway.health.ProbeResult;
import dev.statecraft.gateway.health.SlowStart;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import dev.statecraft.gateway.resilience.NodeCircuit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.CompletionContext.Status;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/** What counts against a node, and what its client or the gateway caused. */
class AttemptRecorderTest {
  private static final int MANY = 200;

  private long now = TimeUnit.HOURS.toNanos(1);
  private final EjectionQuota quota = new EjectionQuota();
  private final Node one = node("one");
  private final Node two = node("two");
  private final Node three = node("three");
  private AttemptRecorder recorder = new AttemptRecorder("test", OutlierRule.OFF, () -> List.of(one, two), () -> now);

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = {"UNSENT", "EXHAUSTED", "GATEWAY_EXHAUSTED", "STALLED", "OUT_OF_TIME",
    "CLIENT_ABORTED"})
  void whatClientOrGatewayCausedDoesNotCount(Kind kind) {
    for (int i = 0; i < MANY; i++) {
      fail(client(i), one, kind);
    }
    assertUnharmed();
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = {"BROKEN", "TIMED_OUT", "DECLINED"})
  void requestsOfOneClientThatFailEverywhereDoNotCount(Kind kind) {
    for (int i = 0; i < MANY; i++) {
      RoutingContext context = TestNodes.request("10.0.0.1", "/slow");
      fail(context, one, kind);
      fail(context, two, kind);
    }
    assertUnharmed();
  }

  @Test
  void serverErrorsOfOneClientThatAppearEverywhereDoNotCount() {
    for (int i = 0; i < MANY; i++) {
      answer(TestNodes.request("10.0.0.1", "/bug"), one, 500, 1);
      answer(TestNodes.request("10.0.0.1", "/bug"), two, 500, 1);
      answer(TestNodes.request("10.0.0.1", "/good"), two, 200, 1);
    }
    assertUnharmed();
  }

  @Test
  void serverErrorsCountIfEqualRequestSucceedsElsewhere() {
    for (int i = 0; i < 6; i++) {
      answer(TestNodes.request("10.0.0.1", "/cart"), one, 500, 1);
      answer(TestNodes.request("10.0.0.1", "/cart"), two, 200, 1);
    }
    assertThat(one.health().status()).isEqualTo(NodeStatus.EJECTED);
    assertThat(two.health().status()).isEqualTo(NodeStatus.AVAILABLE);
  }

  @Test
  void successfulRetryProvesFailure() {
    for (int i = 0; i < 3; i++) {
      RoutingContext context = TestNodes.request("10.0.0.1", "/" + i);
      fail(context, one, Kind.BROKEN);
      answer(context, two, 200, 1);
    }
    assertThat(one.health().status()).isEqualTo(NodeStatus.EJECTED);
  }

  /** The second node got more time than the first, and needed it. */
  @Test
  void slowRetryDoesNotProveTimeOut() {
    for (int i = 0; i < MANY; i++) {
      RoutingContext context = TestNodes.request("10.0.0.1", "/slow");
      fail(context, one, Kind.TIMED_OUT);
      answer(context, two, 200, 1_100);
    }
    assertUnharmed();
  }

  @Test
  void provenFailuresOpenCircuitOfThatNodeOnly() {
    quota.poolSize(0);
    for (int i = 0; i < MANY && !one.circuit().isOpen(); i++) {
      RoutingContext context = TestNodes.request("10.0.0.1", "/" + i);
      fail(context, one, Kind.TIMED_OUT);
      answer(context, two, 200, 1);
    }
    assertThat(one.circuit().isOpen()).isTrue();
    assertThat(two.circuit().isOpen()).isFalse();
  }

  @Test
  void failuresOfSeveralClientsOpenCircuit() {
    for (int i = 0; i < MANY && !one.circuit().isOpen(); i++) {
      fail(client(i), one, Kind.TIMED_OUT);
    }
    assertThat(one.circuit().isOpen()).isTrue();
  }

  @Test
  void answerCountsWhenItBegins() {
    RoutingContext context = client(1);
    start(context, one);
    recorder.answered(context, one, 200);
    assertThat(one.inFlight()).isEqualTo(1);
    complete(context, one, Status.DISCARD, null);
    assertThat(one.inFlight()).isZero();
  }

  @Test
  void openStreamsDoNotKeepCircuitHalfOpen() {
    NodeCircuit circuit = new NodeCircuit("three", new NodeCircuit.Limits(50, 20, Duration.ofMillis(1)));
    Node three = TestNodes.node(TestNodes.member("three", 1), one.health(), circuit);
    for (int i = 0; i < MANY && !circuit.isOpen(); i++) {
      fail(client(i), three, Kind.TIMED_OUT);
    }
    assertThat(circuit.isOpen()).isTrue();
    await().until(circuit::tryAcquire);
    circuit.released();
    for (int i = 0; i < MANY; i++) {
      RoutingContext stream = client(i);
      start(stream, three);
      recorder.answered(stream, three, 200);
    }
    assertThat(three.inFlight()).isEqualTo(MANY);
  }

  @Test
  void ejectsNodeThatFailsOneRequestInFive() {
    detectOutliers();
    for (int i = 0; i < MANY; i++) {
      for (Node node : List.of(one, two, three)) {
        answer(client(i % 7), node, node == two && i % 5 == 0 ? 500 : 200, 50);
      }
    }
    assertThat(two.health().status()).isEqualTo(NodeStatus.EJECTED);
    assertThat(two.health().cause()).isEqualTo(FailureCause.FAILURE_RATE);
    assertThat(one.health().status()).isEqualTo(NodeStatus.AVAILABLE);
    assertThat(three.health().status()).isEqualTo(NodeStatus.AVAILABLE);
  }

  @Test
  void ejectsNodeThatFailsOneEqualRequestInFive() {
    detectOutliers();
    for (int i = 0; i < MANY; i++) {
      for (Node node : List.of(one, two, three)) {
        answer(client(1), node, node == two && i % 5 == 0 ? 502 : 200, 50);
      }
    }
    assertThat(two.health().cause()).isEqualTo(FailureCause.FAILURE_RATE);
  }

  @Test
  void oneClientWithFailuresOfItsOwnEjectsNoNodeByTheirShare() {
    detectOutliers();
    for (int i = 0; i < MANY; i++) {
      for (Node node : List.of(one, two, three)) {
        answer(client(i % 7), node, 200, 50);
      }
      answer(TestNodes.request("10.0.0.200", "/bug"), two, 500, 1);
    }
    assertUnharmed();
  }

  @Test
  void nodesThatFailAlikeStay() {
    detectOutliers();
    for (int i = 0; i < MANY; i++) {
      for (Node node : List.of(one, two, three)) {
        answer(client(i % 7), node, i % 5 == 0 ? 500 : 200, 50);
      }
    }
    assertUnharmed();
  }

  private void detectOutliers() {
    recorder = new AttemptRecorder("test",
        new OutlierRule(Duration.ofSeconds(5), 2, 20, 0.1, 3, 0.5, Duration.ofSeconds(10)),
        () -> List.of(one, two, three), () -> now);
  }

  private void assertUnharmed() {
    for (Node node : List.of(one, two, three)) {
      assertThat(node.health().status()).isEqualTo(NodeStatus.AVAILABLE);
      assertThat(node.circuit().isOpen()).isFalse();
      assertThat(node.inFlight()).isZero();
    }
  }

  private static RoutingContext client(int number) {
    return TestNodes.from("10.0.0." + number);
  }

  private void fail(RoutingContext context, Node node, Kind kind) {
    start(context, node);
    now += TimeUnit.SECONDS.toNanos(1);
    context.answered(now);
    complete(context, node, Status.FAILED, AttemptFailure.of(kind));
  }

  private void answer(RoutingContext context, Node node, int status, int millis) {
    start(context, node);
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    context.answered(now);
    recorder.answered(context, node, status);
    complete(context, node, Status.SUCCESS, null);
  }

  private void start(RoutingContext context, Node node) {
    assertThat(node.circuit().tryAcquire()).isTrue();
    context.addTried(node, now);
    recorder.onStartRequest(new DefaultRequest<>(context), new DefaultResponse(node));
  }

  private void complete(RoutingContext context, Node node, Status status, @Nullable AttemptFailure failure) {
    Request<RoutingContext> request = new DefaultRequest<>(context);
    Response<ServiceInstance> response = new DefaultResponse(node);
    recorder.onComplete(failure == null
        ? new CompletionContext<>(status, request, response)
        : new CompletionContext<>(status, failure, request, response));
  }

  private Node node(String name) {
    quota.poolSize(100);
    Node node = TestNodes.node(TestNodes.member(name, 1), quota, change -> {}, () -> now, SlowStart.NONE);
    node.health().probed(ProbeResult.READY);
    return node;
  }
}
