package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.deadline.DeadlineHeaderCases.Case;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The header {@code X-Deadline-Millis} means the same at each service. */
public interface DeadlineContract extends ServiceUnderTest {
  @ParameterizedTest
  @MethodSource("dev.statecraft.service.deadline.DeadlineHeaderCases#all")
  default void headerMeansWhatTheTableSays(Case given) throws Exception {
    String body = "{\"route\":[],\"payload\":\"\"}";
    assertAnswer(given, "/work", status("GET /work", given.values(), ""));
    assertAnswer(given, "/fanout", status("GET /fanout?mode=parallel", given.values(), ""));
    assertAnswer(given, "/echo", status("POST /echo", given.values(), body));
    assertAnswer(given, "/relay", status("POST /relay", given.values(), body));
  }

  /** Whether a valid deadline is met depends on the speed of the machine. */
  private static void assertAnswer(Case given, String path, int status) {
    if (given.timeLeft() == null) {
      assertThat(status).as(path).isEqualTo(400);
    } else if (given.timeLeft().isZero()) {
      assertThat(status).as(path).isEqualTo(504);
    } else {
      assertThat(status).as(path).isNotEqualTo(400);
    }
  }

  @Test
  default void malformedDeadlineIsAProblem() throws Exception {
    HttpResponse<String> response = send(request("/work").header("X-Deadline-Millis", "soon"));
    ServiceUnderTest.assertProblem(response, 400);
    assertThat(response.body()).contains("X-Deadline-Millis must be one whole number of milliseconds");
  }

  /** Returns the status of the answer, or 0 if an echo was aborted at its deadline. */
  private int status(String requestLine, List<String> deadlines, String body) {
    StringBuilder head = new StringBuilder(requestLine + " HTTP/1.1\r\nHost: test\r\n");
    deadlines.forEach(deadline -> head.append("X-Deadline-Millis: ").append(deadline).append("\r\n"));
    if (!body.isEmpty()) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    try (RawClient client = connect()) {
      String statusLine = client.send(head + "\r\n" + body).readTo("\r\n");
      return Integer.parseInt(statusLine.split(" ", 3)[1].strip());
    } catch (IOException aborted) {
      return 0;
    }
  }
}
