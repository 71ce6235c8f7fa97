package dev.statecraft.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.statecraft.stateless.RawClient;
import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SlowReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Netty finds a buffer that was lost once it has been collected; one that the test loses tells when it has looked. */
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, "statecraft.acceptors=1"})
class AbandonedEchoTest extends RunningReactiveService {
  private static final int TIMES = 4;

  private final Level before = ResourceLeakDetector.getLevel();
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void lookAtEveryBuffer() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    ByteBufUtil.setLeakListener((_, records) -> lost.add(records));
  }

  @AfterEach
  void lookAway() {
    ByteBufUtil.setLeakListener(null);
    ResourceLeakDetector.setLevel(before);
  }

  @Test
  void clientThatLeavesTakesNoBufferAlong() throws Exception {
    assertLosesNothing(() -> {
      try (SlowReader leaving = new SlowReader(this)) {
        leaving.readOne();
      }
    });
  }

  @Test
  void clientThatIsCutOffAtItsDeadlineTakesNoBufferAlong() throws Exception {
    assertLosesNothing(() -> {
      try (RawClient stalled = connect()) {
        stalled.send("POST /echo HTTP/1.1\r\nHost: test\r\nX-Deadline-Millis: 200\r\nContent-Length: " + MAXIMUM_BODY
            + "\r\n\r\n");
        byte[] part = new byte[64 * 1024];
        assertThatIOException().isThrownBy(() -> {
          for (int sent = 0; sent < MAXIMUM_BODY; sent += part.length) {
            stalled.send(part);
          }
        });
      }
    });
  }

  @Test
  void clientWhoseBodyHasNotBegunByItsDeadlineIsToldSo() throws Exception {
    try (RawClient silent = connect()) {
      silent.send("POST /echo HTTP/1.1\r\nHost: test\r\nX-Deadline-Millis: 100\r\nContent-Length: 5\r\n\r\n");
      assertThat(silent.readTo("\r\n")).startsWith("HTTP/1.1 504 ");
    }
  }

  private void assertLosesNothing(ThrowingCallable echo) throws Exception {
    for (int time = 0; time < TIMES; time++) {
      assertThatCode(echo).doesNotThrowAnyException();
      String mark = "lost by the test, " + time;
      loseOne(mark);
      await().atMost(Duration.ofSeconds(50)).until(() -> {
        System.gc();
        ByteBufAllocator.DEFAULT.buffer().release();
        return lost.stream().anyMatch(records -> records.contains(mark));
      });
    }
    assertThat(lost).hasSize(TIMES).allMatch(records -> records.contains("lost by the test"));
  }

  private static void loseOne(String mark) {
    ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer();
    buffer.touch(mark);
  }
}
