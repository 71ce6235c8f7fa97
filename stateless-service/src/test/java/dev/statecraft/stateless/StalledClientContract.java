package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A client that stalls holds neither memory nor time without bound. */
public interface StalledClientContract extends ServiceUnderTest {
  @Test
  default void clientThatSendsAndNeverReadsIsHeldBackAndCutOff() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + MAXIMUM_BODY + "\r\n\r\n");
      byte[] part = new byte[4_096];
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
        while (sent.addAndGet(part.length) <= MAXIMUM_BODY) {
          client.send(part);
        }
      });
    }
    // What the two kernels hold, and a few chunks: the service has not taken in what it could not send on.
    assertThat(sent.get()).isLessThan(MAXIMUM_BODY * 3L / 4);
  }

  @Test
  default void echoEndsAtTheCallersDeadline() throws Exception {
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nX-Deadline-Millis: 100\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
        for (;;) {
          client.send("1\r\nx\r\n");
          client.readTo("1\r\nx\r\n");
        }
      });
    }
  }

  @Test
  default void clientThatStopsSendingIsCutOff() throws Exception {
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n");
      assertThat(client.readToEnd()).endsWith("only this\r\n");
    }
  }
}
