package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Limits the memory and time that a stalled client takes. */
public interface StalledClientContract extends ServiceUnderTest {
  @Test
  default void clientThatNeverReadsIsDisconnected() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + MAX_BODY_BYTES + "\r\n\r\n");
      byte[] part = new byte[4_096];
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
        while (sent.addAndGet(part.length) <= MAX_BODY_BYTES) {
          client.send(part);
        }
      });
    }
    // No more than socket buffers and a few chunks: the service stops reading what it cannot write.
    assertThat(sent.get()).isLessThan(MAX_BODY_BYTES * 3L / 4);
  }

  /** The client decides how long its body takes, as long as it makes progress. */
  @Test
  default void slowUploadOutlivesTheDeadline() throws Exception {
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nX-Deadline-Millis: 2000\r\nTransfer-Encoding: chunked\r\n\r\n");
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
      do {
        client.send("1\r\nx\r\n");
        client.readTo("1\r\nx\r\n");
      } while (System.nanoTime() - end < 0);
      client.send("0\r\n\r\n");
      client.readTo("0\r\n\r\n");
    }
  }

  @Test
  default void clientThatStopsSendingIsDisconnected() throws Exception {
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n");
      assertThat(client.readToEnd()).endsWith("only this\r\n");
    }
  }
}
