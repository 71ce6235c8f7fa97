package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockSkewIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path root;

  @Test
  void clockJumpsWhileTimedWaitsStayCorrect() throws Exception {
    assumeTrue(ClockSkew.unsupportedReason().isEmpty(), () -> ClockSkew.unsupportedReason().orElseThrow());
    ClockSkew clock = new ClockSkew(ClockSkew.library().orElseThrow(), root.resolve("node.clock"));
    String java = ProcessHandle.current().info().command().orElseThrow();
    List<String> command = new ArrayList<>(clock.commandPrefix());
    command.addAll(List.of(java, "-cp", System.getProperty("java.class.path"), TickingProcess.class.getName()));
    try (Processes processes = new Processes()) {
      Node node = new Node("ticking", 1, command, root, root.resolve("log"), processes);
      node.start();
      await().atMost(TIMEOUT).until(() -> !ticks(node).isEmpty());
      ClockSkew.removeSharedMemory(node.process().orElseThrow().pid());
      for (Duration error : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ZERO)) {
        clock.set(error);
        await().atMost(TIMEOUT).until(() -> {
          Instant reported = Instant.ofEpochMilli(ticks(node).getLast()[1]);
          return Duration.between(Instant.now().plus(error), reported).abs().compareTo(Duration.ofMinutes(1)) < 0;
        });
      }
      assertThat(ticks(node)).hasSizeGreaterThan(3).allSatisfy(tick -> assertThat(tick[0]).isGreaterThanOrEqualTo(99));
    }
  }

  private static List<long[]> ticks(Node node) throws IOException {
    String log = Files.readString(node.log());
    return log.substring(0, log.lastIndexOf('\n') + 1).lines()
        .map(line -> Stream.of(line.split(" ", -1)).mapToLong(Long::parseLong).toArray()).toList();
  }
}
