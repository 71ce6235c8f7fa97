package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
  private static final Duration ROUTE_DEADLINE = Duration.ofSeconds(3);

  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {"none,3000", "0,0", "200,200", "0200,200", "3000,3000", "5000,3000",
    "86400000,3000", "0000000000000000000000000200,200"})
  void clientCanOnlyShortenTheDeadline(@Nullable String header, long millis) {
    assertThat(Deadline.timeLimit(ROUTE_DEADLINE, headers(header))).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", "soon", "1.5", "1e3", "0x10", "1 2", "200 ms", "\u0663", "86400001",
    "99999999999999999999999999"})
  void rejectsMalformedHeader(String header) {
    assertThatThrownBy(() -> Deadline.timeLimit(ROUTE_DEADLINE, headers(header)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("X-Deadline-Millis must be a whole number of milliseconds from 0 to 86400000");
  }

  @ParameterizedTest
  @CsvSource({"3000,3000", "0,1", "172800000,86400000"})
  void tellsNodeTheRemainingMilliseconds(long limitMillis, String header) {
    HttpHeaders headers = new DefaultHttpHeaders();
    Deadline.after(Duration.ofMillis(limitMillis), 77).writeTo(headers, 77);
    assertThat(headers.get(Deadline.HEADER)).isEqualTo(header);
  }

  private static HttpHeaders headers(@Nullable String deadline) {
    HttpHeaders headers = new DefaultHttpHeaders();
    return deadline == null ? headers : headers.set(Deadline.HEADER, deadline);
  }
}
