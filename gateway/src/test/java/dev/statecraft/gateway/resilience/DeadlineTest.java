package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.statecraft.service.deadline.DeadlineHeaderCases;
import dev.statecraft.service.deadline.DeadlineHeaderCases.Case;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeadlineTest {
  /** The services read the header by the same table. */
  @ParameterizedTest
  @MethodSource("dev.statecraft.service.deadline.DeadlineHeaderCases#all")
  void meansWhatTheTableSays(Case given) {
    if (given.timeLeft() == null) {
      assertThatIllegalArgumentException().isThrownBy(() -> timeLimit(DeadlineHeaderCases.LIMIT, given.values()))
          .withMessageStartingWith("X-Deadline-Millis must be one whole number of milliseconds");
    } else {
      assertThat(timeLimit(DeadlineHeaderCases.LIMIT, given.values())).isEqualTo(given.timeLeft());
    }
  }

  @Test
  void moreThanOneDayCountsAsOneDay() {
    assertThat(timeLimit(Duration.ofDays(9), List.of("86400001"))).isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @CsvSource({"3000,3000", "0,1", "172800000,86400000"})
  void tellsNodeTheRemainingMilliseconds(long limitMillis, String header) {
    HttpHeaders headers = new DefaultHttpHeaders();
    Deadline.after(Duration.ofMillis(limitMillis), 77).writeTo(headers, 77);
    assertThat(headers.get(Deadline.HEADER)).isEqualTo(header);
  }

  private static Duration timeLimit(Duration routeDeadline, List<String> values) {
    return Deadline.timeLimit(routeDeadline, new DefaultHttpHeaders().set(Deadline.HEADER, values));
  }
}
