package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.service.contract.ApiContract;
import dev.statecraft.service.contract.GreedyClient;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.SlowReader;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** The iterative model, unlike the others, lets one client delay all others. */
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=iterative\nstatecraft.stall-time-out=60s"})
class IterativeServiceIT extends RunningService implements ApiContract {
  @Autowired
  private AdmissionExecutor admission;

  @Test
  void slowReaderBlocksOthersUntilItDisconnects() throws Exception {
    CompletableFuture<HttpResponse<String>> other;
    try (SlowReader slow = new SlowReader(this)) {
      other = getLater("/whoami");
      await().atMost(TIMEOUT).until(() -> admission.model().queued() > 0);
      slow.readOne();
      assertThat(other).isNotDone();
    }
    assertThat(other.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void fastSenderDelaysOthersForLimitedRequests() throws Exception {
    try (GreedyClient greedy = new GreedyClient(this)) {
      await().atMost(TIMEOUT).until(() -> greedy.answers() > 0);
      assertThat(get("/whoami").statusCode()).isEqualTo(200);
    }
  }
}
