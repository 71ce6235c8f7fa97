package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that disconnects stops its work. Work that ends by itself is not counted. */
public interface CancellationContract extends ServiceUnderTest {
  @ParameterizedTest
  @ValueSource(strings = {"/work?wait=60000", "/work?cpu=60000"})
  default void disconnectStopsTheWork(String path) throws Exception {
    double before = metric("work_cancelled_total");
    try (RawClient client = connect()) {
      client.sendGet(path);
    }
    await().atMost(TIMEOUT).until(() -> metric("work_cancelled_total") == before + 1);
  }

  @Test
  default void answeredWorkIsNotCancelled() throws Exception {
    double before = metric("work_cancelled_total");
    assertThat(get("/work?cpu=1&wait=1").statusCode()).isEqualTo(200);
    assertThat(metric("work_cancelled_total")).isEqualTo(before);
  }

  @Test
  default void pipelinedRequestStaysIntact() throws Exception {
    try (RawClient client = connect()) {
      // Long enough to be polled; the bytes of the second request must not look like the end of the stream.
      client.send("GET /work?wait=700 HTTP/1.1\r\nHost: test\r\n\r\nGET /whoami HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(client.readTo("\"waitMillis\":700}")).startsWith("HTTP/1.1 200 ");
      client.readTo("\"node\":\"" + NODE + "\"}");
    }
  }
}
