package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomesTest {

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 409, 413, 429})
  void writeWith4xxHadNoEffect(int status) {
    assertThat(Outcomes.ofErrorStatus(Call.ADD, status, "no")).isEqualTo(new Outcome.Failed(status, "no"));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void writeWith5xxIsUnknown(int status) {
    assertThat(Outcomes.ofErrorStatus(Call.ADD, status, "never reached")).isEqualTo(
        new Outcome.Unknown(status, "never reached"));
  }

  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"READ", "SHOW"})
  void unsuccessfulReadIsAlwaysFailed(Call call) {
    assertThat(Outcomes.ofErrorStatus(call, 503, "no")).isEqualTo(new Outcome.Failed(503, "no"));
    assertThat(Outcomes.ofFailure(call, new SocketTimeoutException())).isEqualTo(new Outcome.Failed(0, "time-out"));
  }

  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"LOGIN", "LOGOUT", "ROTATE", "ADD"})
  void writeWithoutAnswerIsUnknown(Call call) {
    assertThat(Outcomes.ofFailure(call, new SocketTimeoutException("Read timed out")))
        .isEqualTo(new Outcome.Unknown(0, "time-out"));
    assertThat(Outcomes.ofFailure(call, new SocketException("Connection reset")))
        .isEqualTo(new Outcome.Unknown(0, "connection reset"));
    assertThat(Outcomes.ofFailure(call, new NoHttpResponseException("gone")))
        .isEqualTo(new Outcome.Unknown(0, "connection closed without an answer"));
    assertThat(Outcomes.ofFailure(call, new IOException())).isEqualTo(new Outcome.Unknown(0, "IOException"));
  }

  @Test
  void writeWithoutConnectionHadNoEffect() {
    assertThat(Outcomes.ofFailure(Call.ADD, new ConnectException("refused")))
        .isEqualTo(new Outcome.Failed(0, "no connection"));
    assertThat(Outcomes.ofFailure(Call.ADD, new ConnectTimeoutException("late")))
        .isEqualTo(new Outcome.Failed(0, "no connection"));
  }
}
