package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work of a known size, which ends when it is done, when its client leaves, or when its deadline passes. */
public interface WorkContract extends ServiceUnderTest {
  @Test
  default void workTellsWhatItDid() throws Exception {
    HttpResponse<String> response = get("/work?cpu=2&wait=3");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"node\":\"" + NODE + "\",\"cpuMillis\":2,\"waitMillis\":3}");
    assertThat(get("/work").body()).contains("\"cpuMillis\":0,\"waitMillis\":0");
  }

  @Test
  default void workWaitsAsLongAsItIsTold() throws Exception {
    long started = System.nanoTime();
    get("/work?wait=150");
    assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(150_000_000L);
  }

  /** An answer made by another thread than the one that reads the connection must not keep that from reading on. */
  @Test
  default void connectionIsServedOnAfterWorkThatWaited() throws Exception {
    for (int i = 0; i < 150; i++) {
      assertThat(get("/work?wait=1").statusCode()).isEqualTo(200);
      assertThat(get("/whoami").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu=-1", "wait=-1", "cpu=60001", "wait=60001", "cpu=much", "wait=1.5",
    "cpu=99999999999999999999"})
  default void impossibleWorkIsRefused(String query) throws Exception {
    ServiceUnderTest.assertProblem(get("/work?" + query), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait=60000", "cpu=60000"})
  default void workEndsAtTheCallersDeadline(String query) throws Exception {
    ServiceUnderTest.assertProblem(send(request("/work?" + query).header("X-Deadline-Millis", "20")), 504);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "soon", "1.5"})
  default void impossibleDeadlineIsRefused(String deadline) throws Exception {
    ServiceUnderTest.assertProblem(send(request("/work").header("X-Deadline-Millis", deadline)), 400);
  }
}
