package dev.statecraft.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.statecraft.service.contract.RawClient;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.SlowReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/**
 * An aborted echo leaks no buffer. Netty reports a leaked buffer after its garbage collection; the test leaks a marked
 * buffer to know when Netty has checked.
 */
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, "statecraft.acceptors=1",
  "statecraft.stall-time-out=300ms"})
class EchoBufferLeakIT extends RunningService {
  private static final int REPETITIONS = 4;

  private final Level before = ResourceLeakDetector.getLevel();
  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void enableLeakDetection() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    ByteBufUtil.setLeakListener((_, records) -> leaks.add(records));
  }

  @AfterEach
  void restoreLeakDetection() {
    ByteBufUtil.setLeakListener(null);
    ResourceLeakDetector.setLevel(before);
  }

  @Test
  void disconnectLeaksNoBuffer() throws Exception {
    assertLeaksNothing(() -> {
      try (SlowReader client = new SlowReader(this)) {
        client.readOne();
      }
    });
  }

  @Test
  void stalledClientLeaksNoBuffer() throws Exception {
    assertLeaksNothing(() -> {
      try (RawClient stalled = connect()) {
        stalled.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + MAX_BODY_BYTES + "\r\n\r\n");
        byte[] part = new byte[64 * 1024];
        assertThatIOException().isThrownBy(() -> {
          for (int sent = 0; sent < MAX_BODY_BYTES; sent += part.length) {
            stalled.send(part);
          }
        });
      }
    });
  }

  @Test
  void missingBodyIsAGatewayTimeout() throws Exception {
    try (RawClient silent = connect()) {
      silent.send("POST /echo HTTP/1.1\r\nHost: test\r\nX-Deadline-Millis: 100\r\nContent-Length: 5\r\n\r\n");
      assertThat(silent.readTo("\r\n")).startsWith("HTTP/1.1 504 ");
    }
  }

  private void assertLeaksNothing(ThrowingCallable echo) throws Exception {
    for (int i = 0; i < REPETITIONS; i++) {
      assertThatCode(echo).doesNotThrowAnyException();
      String mark = "leaked by the test, " + i;
      leakBuffer(mark);
      await().atMost(TIMEOUT).until(() -> {
        System.gc();
        ByteBufAllocator.DEFAULT.buffer().release();
        return leaks.stream().anyMatch(records -> records.contains(mark));
      });
    }
    assertThat(leaks).hasSize(REPETITIONS).allMatch(records -> records.contains("leaked by the test"));
  }

  private static void leakBuffer(String mark) {
    ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer();
    buffer.touch(mark);
  }
}
