package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.stateless.ApiContract;
import dev.statecraft.stateless.GreedyClient;
import dev.statecraft.stateless.RunningService;
import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SlowReader;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What the iterative server does where the others are fair: it makes everybody wait. */
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=iterative\nstatecraft.stall-time-out=60s"})
class IterativeServiceTest extends RunningService implements ApiContract {
  @Autowired
  private Admission admission;

  @Test
  void clientThatReadsByteByByteStopsEverybodyUntilItLeaves() throws Exception {
    CompletableFuture<HttpResponse<String>> polite;
    try (SlowReader slow = new SlowReader(this)) {
      polite = getLater("/whoami");
      await().atMost(Duration.ofSeconds(30)).until(() -> admission.model().queued() > 0);
      slow.readOne();
      assertThat(polite).isNotDone();
    }
    assertThat(polite.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void greedyClientIsServedUntilItsConnectionHasHadItsShare() throws Exception {
    try (GreedyClient greedy = new GreedyClient(this)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> greedy.answers() > 0);
      assertThat(get("/whoami").statusCode()).isEqualTo(200);
    }
  }
}
