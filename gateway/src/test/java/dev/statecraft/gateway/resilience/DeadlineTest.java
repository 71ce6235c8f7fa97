package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlineTest {
  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {"none,3000", "200,200", "5000,3000", "0,1", "-1,3000", "soon,3000",
    "9999999999999,3000", "'',3000"})
  void clientCanShortenItAndNotLengthenIt(String told, long millis) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (told != null) {
      headers.set(Deadline.HEADER, told);
    }
    Deadline deadline = Deadline.of(Duration.ofSeconds(3), headers, 77);
    HttpHeaders onward = new DefaultHttpHeaders();
    deadline.writeTo(onward, 77);
    assertThat(onward.get(Deadline.HEADER)).isEqualTo(Long.toString(millis));
  }
}
