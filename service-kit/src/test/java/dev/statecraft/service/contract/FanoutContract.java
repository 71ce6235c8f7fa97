package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several calls composed into one answer. */
public interface FanoutContract extends DownstreamContract {
  @Test
  default void sequentialCallsOneTargetAfterAnother() throws Exception {
    HttpResponse<String> response = get("/fanout?mode=sequential");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"mode\":\"sequential\",\"answers\":["
        + "{\"target\":1,\"node\":\"downstream\"},{\"target\":2,\"node\":\"downstream\"},"
        + "{\"target\":3,\"node\":\"downstream\"}]}");
    assertThat(DOWNSTREAM.requests()).extracting(Downstream.Request::path).containsExactly("/a", "/b", "/c");
    assertThat(DOWNSTREAM.maxConcurrent()).isEqualTo(1);
  }

  @Test
  default void parallelCallsAllTargetsAtOnce() throws Exception {
    DOWNSTREAM.answerAfter(3);
    assertThat(get("/fanout?mode=parallel").statusCode()).isEqualTo(200);
    assertThat(DOWNSTREAM.maxConcurrent()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "parallel"})
  default void callsCarryTheTimeLeft(String mode) throws Exception {
    send(request("/fanout?mode=" + mode).header("X-Deadline-Millis", "40000"));
    List<Long> deadlines = DOWNSTREAM.requests().stream()
        .map(request -> Long.parseLong(request.header("x-deadline-millis"))).toList();
    assertThat(deadlines).hasSize(3).allMatch(left -> left > 0 && left < 40_000);
    if (mode.equals("sequential")) {
      assertThat(deadlines).isSortedAccordingTo(Comparator.reverseOrder());
    }
  }

  @Test
  default void firstFailureEndsRunningCalls() throws Exception {
    DOWNSTREAM.hang("/a");
    DOWNSTREAM.answer("/b", 500);
    DOWNSTREAM.hang("/c");
    // The failing target answers after all have been called.
    DOWNSTREAM.answerAfter(3);
    HttpResponse<String> response = get("/fanout?mode=parallel");
    ServiceUnderTest.assertProblem(response, 502);
    assertThat(response.body()).contains("Target 2 answered 500.");
    await().atMost(TIMEOUT).until(() -> DOWNSTREAM.abandoned() == 2);
  }

  @Test
  default void firstFailurePreventsLaterCalls() throws Exception {
    DOWNSTREAM.answer("/b", 404);
    ServiceUnderTest.assertProblem(get("/fanout?mode=sequential"), 502);
    assertThat(DOWNSTREAM.requests()).extracting(Downstream.Request::path).containsExactly("/a", "/b");
  }

  @ParameterizedTest
  @CsvSource({"sequential,1", "parallel,3"})
  default void callsEndAtTheDeadline(String mode, int called) throws Exception {
    List.of("/a", "/b", "/c").forEach(DOWNSTREAM::hang);
    DOWNSTREAM.answerAfter(called);
    ServiceUnderTest.assertProblem(send(request("/fanout?mode=" + mode).header("X-Deadline-Millis", "1500")), 504);
    await().atMost(TIMEOUT).until(() -> DOWNSTREAM.abandoned() == DOWNSTREAM.requests().size());
  }

  @ParameterizedTest
  @CsvSource({"sequential,1", "parallel,3"})
  default void disconnectEndsTheCalls(String mode, int called) throws Exception {
    List.of("/a", "/b", "/c").forEach(DOWNSTREAM::hang);
    double before = metric("work_cancelled_total");
    try (RawClient client = connect()) {
      client.sendGet("/fanout?mode=" + mode);
      await().atMost(TIMEOUT).until(() -> DOWNSTREAM.requests().size() == called);
    }
    await().atMost(TIMEOUT).until(() -> DOWNSTREAM.abandoned() == called);
    await().atMost(TIMEOUT).until(() -> metric("work_cancelled_total") == before + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?mode=", "?mode=both", "?mode=parallel&with=magic"})
  default void unknownCompositionIsABadRequest(String query) throws Exception {
    ServiceUnderTest.assertProblem(get("/fanout" + query), 400);
    assertThat(DOWNSTREAM.requests()).isEmpty();
  }
}
