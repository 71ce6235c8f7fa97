package dev.statecraft.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OutcomeCounterTest {
  private static final int HOSTILE = 1_000;
  private final OutcomeCounter counter = new OutcomeCounter();

  @Test
  void beginsAnotherIntervalWhenDrained() {
    counter.succeeded();
    counter.provenFailure();
    assertThat(counter.drain()).isEqualTo(new Outcomes(1, 1));
    assertThat(counter.drain()).isEqualTo(new Outcomes(0, 0));
  }

  @Property
  void failuresOfOneClientNeverCount(@ForAll @IntRange(max = 500) int failures) {
    OutcomeCounter outcomes = new OutcomeCounter();
    for (int i = 0; i < failures; i++) {
      outcomes.failed(HOSTILE);
    }
    assertThat(outcomes.drain().failed()).isZero();
  }

  @Property
  void oneClientAddsAtMostOneFailureForEachOfTheOthers(
      @ForAll @Size(max = 200) List<@IntRange(max = 5) Integer> clients) {
    OutcomeCounter outcomes = new OutcomeCounter();
    int others = 0;
    for (int client : clients) {
      // Client 0 sends most requests.
      outcomes.failed(client <= 3 ? HOSTILE : client);
      others += client <= 3 ? 0 : 1;
    }
    assertThat(outcomes.drain().failed()).isBetween(0L, Math.min(clients.size(), 2L * others));
  }

  @Property
  void provenFailuresAllCount(@ForAll @Size(max = 200) List<@IntRange(max = 3) Integer> clients) {
    OutcomeCounter outcomes = new OutcomeCounter();
    for (int client : clients) {
      outcomes.failed(client);
      outcomes.prove(client);
    }
    assertThat(outcomes.drain().failed()).isEqualTo(clients.size());
  }
}
