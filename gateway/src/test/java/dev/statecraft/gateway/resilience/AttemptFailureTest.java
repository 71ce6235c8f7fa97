package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.netty.channel.AbortedException;

/** The classification decides what may be sent again, and whether a session moves. */
class AttemptFailureTest {
  @Test
  void distinguishesRefusedFromUnreachable() {
    for (Throwable refusal : List.of(new ConnectException("refused"), new UnknownHostException("no such host"))) {
      assertThat(AttemptFailure.of(refusal, false).kind()).isEqualTo(Kind.REFUSED);
    }
    for (Throwable silence : List.of(new ConnectTimeoutException("300 ms"), new NoRouteToHostException("a router"))) {
      assertThat(AttemptFailure.of(silence, false).kind()).isEqualTo(Kind.UNREACHABLE);
    }
  }

  @Test
  void distinguishesUnsentFromPossiblyExecuted() {
    IOException reset = new IOException("reset");
    assertThat(AttemptFailure.of(reset, false).isUnsent()).isTrue();
    assertThat(AttemptFailure.of(AbortedException.beforeSend(), true).isUnsent()).isTrue();
    assertThat(AttemptFailure.of(reset, true).kind()).isEqualTo(Kind.BROKEN);
    assertThat(AttemptFailure.of(reset, true).isUnsent()).isFalse();
  }
}
