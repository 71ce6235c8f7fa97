package dev.statecraft.service.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ResponseStatusException;

class DeadlineTest {
  @Test
  void passedDeadlineHasNoTimeLeft() {
    Deadline deadline = Deadline.after(Duration.ZERO);
    assertThat(deadline.hasPassed()).isTrue();
    assertThat(deadline.remaining()).isZero();
    assertThat(deadline.remainingMillis()).isZero();
  }

  @Test
  void zeroIsAGatewayTimeout() {
    assertThatExceptionOfType(ResponseStatusException.class)
        .isThrownBy(() -> Deadline.of(headers("0"), Duration.ofMinutes(1)))
        .matches(e -> e.getStatusCode().value() == 504);
  }

  @Test
  void headerShortensTheLimit() {
    Deadline deadline = Deadline.of(headers("3600000"), Duration.ofDays(1));
    assertThat(deadline.hasPassed()).isFalse();
    assertThat(deadline.remaining()).isPositive().isLessThanOrEqualTo(Duration.ofHours(1));
  }

  @Test
  void malformedHeaderIsABadRequest() {
    assertThatExceptionOfType(ResponseStatusException.class)
        .isThrownBy(() -> Deadline.of(headers("soon"), Duration.ofMinutes(1)))
        .matches(e -> e.getStatusCode().value() == 400 && e.getReason() != null
            && e.getReason().startsWith(DeadlineHeader.NAME));
  }

  private static HttpHeaders headers(String value) {
    HttpHeaders headers = new HttpHeaders();
    headers.set("x-deadline-millis", value);
    return headers;
  }
}
