package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.lab.environment.ClusterFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIT {
  private final Processes processes = new Processes();
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @AfterEach
  void close() {
    processes.close();
  }

  @Test
  void restartAppendsToTheLog() throws Exception {
    Node node = node("echo up; exec sleep 600");
    node.start();
    await().until(() -> Files.readString(node.log()).equals("up\n"));

    node.kill();
    assertThat(node.isAlive()).isFalse();
    node.start();

    await().until(() -> Files.readString(node.log()).equals("up\nup\n"));
    assertThat(node.isAlive()).isTrue();
  }

  @Test
  void pausedNodeIsSilentAndCanBeKilled() throws Exception {
    Node node = node("while :; do echo tick; sleep 0.02; done");
    node.start();
    await().until(() -> Files.size(node.log()) > 0);
    node.pause();
    // Output in flight when the signal arrives may still be written.
    AtomicLong size = new AtomicLong();
    await().pollInterval(Duration.ofMillis(100)).until(() -> size.getAndSet(Files.size(node.log())) == size.get());
    long pausedSize = Files.size(node.log());

    node.resume();
    await().until(() -> Files.size(node.log()) > pausedSize);
    node.pause();
    node.kill();
    node.resume();
    assertThat(node.isAlive()).isFalse();
  }

  @Test
  void rejectsStartOfARunningNode() throws Exception {
    Node node = node("exec sleep 600");
    node.start();

    assertThatThrownBy(node::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void logTailIsTheEndOfTheLog() throws Exception {
    Node node = node("for n in $(seq 1 60); do echo line $n; done");
    node.start();
    await().until(() -> !node.isAlive());

    assertThat(node.logTail()).contains("line 60").contains("line 36").doesNotContain("line 35");
  }

  @Test
  void reportsACommandThatCannotRun() {
    Node node = new Node(
        "broken-1", 1, List.of(directory.resolve("nothing").toString()), directory, directory.resolve("log"),
        processes);

    assertThatThrownBy(node::start).isInstanceOf(ClusterFailure.class).hasMessageContaining("broken-1");
  }

  private Node node(String script) {
    return new Node("node-1", 1, List.of("/bin/sh", "-c", script), directory, directory.resolve("node.log"), processes);
  }
}
