package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work of a known size, which ends when it is done, when the client disconnects, or at the deadline. */
public interface WorkContract extends ServiceUnderTest {
  @Test
  default void answerTellsTheWork() throws Exception {
    HttpResponse<String> response = get("/work?cpu=2&wait=3");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"node\":\"" + NODE + "\",\"cpuMillis\":2,\"waitMillis\":3}");
    assertThat(get("/work").body()).contains("\"cpuMillis\":0,\"waitMillis\":0");
  }

  @Test
  default void longWaitOutlastsAShortOne() throws Exception {
    try (RawClient client = connect()) {
      CompletableFuture<String> longWait = client.sendGet("/work?wait=60000").firstLineLater();
      assertThat(get("/work?wait=50").statusCode()).isEqualTo(200);
      assertThat(longWait).isNotDone();
    }
  }

  /** Finds a connection that stops reading after another thread has written its answer. */
  @Test
  default void connectionStaysUsableAfterWaits() throws Exception {
    for (int i = 0; i < 150; i++) {
      assertThat(get("/work?wait=1").statusCode()).isEqualTo(200);
      assertThat(get("/whoami").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu=-1", "wait=-1", "cpu=60001", "wait=60001", "cpu=much", "wait=1.5",
    "cpu=99999999999999999999"})
  default void invalidWorkIsABadRequest(String query) throws Exception {
    ServiceUnderTest.assertProblem(get("/work?" + query), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait=60000", "cpu=60000"})
  default void workEndsAtTheDeadline(String query) throws Exception {
    ServiceUnderTest.assertProblem(send(request("/work?" + query).header("X-Deadline-Millis", "20")), 504);
  }
}
