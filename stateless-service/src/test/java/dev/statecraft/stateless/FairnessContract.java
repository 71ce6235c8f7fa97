package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What one client does must not starve the others. */
public interface FairnessContract extends ServiceUnderTest {
  @Test
  default void clientThatSendsAsFastAsItCanStarvesNobody() throws Exception {
    try (GreedyClient greedy = new GreedyClient(this)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> greedy.answers() > 0);
      long before = greedy.answers();
      for (int i = 0; i < 5; i++) {
        assertThat(get("/whoami").statusCode()).isEqualTo(200);
      }
      assertThat(greedy.answers()).isGreaterThan(before);
    }
  }

  @Test
  default void clientThatReadsByteByByteStarvesNobody() throws Exception {
    try (SlowReader slow = new SlowReader(this)) {
      for (int i = 0; i < 5; i++) {
        assertThat(get("/whoami").statusCode()).isEqualTo(200);
        slow.readOne();
      }
    }
  }
}
