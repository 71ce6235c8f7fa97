package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

/** No client starves the others. */
public interface FairnessContract extends ServiceUnderTest {
  @Test
  default void fastSenderDoesNotStarveOthers() throws Exception {
    try (GreedyClient greedy = new GreedyClient(this)) {
      await().atMost(TIMEOUT).until(() -> greedy.answers() > 0);
      long before = greedy.answers();
      for (int i = 0; i < 5; i++) {
        assertThat(get("/whoami").statusCode()).isEqualTo(200);
      }
      await().atMost(TIMEOUT).until(() -> greedy.answers() > before);
    }
  }

  @Test
  default void slowReaderDoesNotStarveOthers() throws Exception {
    try (SlowReader slow = new SlowReader(this)) {
      for (int i = 0; i < 5; i++) {
        assertThat(get("/whoami").statusCode()).isEqualTo(200);
        slow.readOne();
      }
    }
  }
}
