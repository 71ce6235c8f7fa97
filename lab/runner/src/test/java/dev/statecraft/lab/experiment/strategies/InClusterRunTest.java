package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.InClusterLab;
import dev.statecraft.lab.report.Bundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InClusterRunTest {
  private final StringWriter err = new StringWriter();
  private final Pod pod = new Pod();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path results;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @BeforeEach
  void createResults() throws IOException {
    Files.writeString(results.resolve("report.html"), "report");
    Files.writeString(results.resolve("results.json"), "results");
    Files.writeString(Files.createDirectory(results.resolve("histories")).resolve("redis.jsonl"), "history");
  }

  @Test
  void storesResultsAndReturnsExitCode() throws Exception {
    String jvm = "NOTE: Picked up JDK_JAVA_OPTIONS: -Xmx1g";
    pod.waits("pulling").runs(jvm).runs(jvm, "one").runs(jvm, "one", "two", ResultServer.READY)
        .ends(1, jvm, "one", "two", ResultServer.READY);

    assertThat(follow()).isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("one", "two");
    assertThat(out.resolve("report.html")).hasContent("report");
    assertThat(out.resolve("results.json")).hasContent("results");
    assertThat(out.resolve("histories/redis.jsonl")).hasContent("history");
    assertThat(out).isDirectoryNotContaining("glob:**.zip");
    assertThat(pod.calls).containsExactly("start", "fetch", "finish");
  }

  @Test
  void retriesFailedFetch() throws Exception {
    pod.failingFetches = 2;
    pod.runs(ResultServer.READY).runs(ResultServer.READY).runs(ResultServer.READY).ends(0, ResultServer.READY);

    assertThat(follow()).isZero();
    assertThat(pod.calls).containsExactly("start", "fetch", "fetch", "fetch", "finish");
  }

  @Test
  void toleratesBriefApiOutage() throws Exception {
    pod.apiFails().runs("one").apiFails().runs("one", ResultServer.READY).apiFails().ends(0, "one", ResultServer.READY);

    assertThat(follow()).isZero();
  }

  @Test
  void relaysInvalidInputFromTheLab() throws Exception {
    pod.ends(2, "statecraft: no such thing");

    assertThat(follow()).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly("statecraft: no such thing");
  }

  @Test
  void killedPodIsAFailure() {
    pod.runs("one").ends(137, "one");

    assertThatThrownBy(this::follow).isInstanceOf(ClusterFailure.class)
        .hasMessage("the lab's pod ended with exit code 137: because");
  }

  @Test
  void endWithoutResultsIsAFailure() {
    pod.ends(0);

    assertThatThrownBy(this::follow).isInstanceOf(ClusterFailure.class).hasMessageContaining("before its results");
  }

  @Test
  void podThatCannotStartIsAFailure() {
    pod.waits("scheduled").cannotStart("ErrImageNeverPull");

    assertThatThrownBy(this::follow).isInstanceOf(ClusterFailure.class)
        .hasMessage("the lab's pod does not start: ErrImageNeverPull");
  }

  @Test
  void disappearedPodIsAFailure() {
    pod.runs("one").waits("it has no pod");

    assertThatThrownBy(this::follow).isInstanceOf(ClusterFailure.class)
        .hasMessage("the lab's pod disappeared: it has no pod");
  }

  private int follow() throws Exception {
    return new InClusterRun(pod, new Progress(new PrintWriter(err), false), out, Duration.ofMillis(1)).follow();
  }

  /** A pod with a scripted sequence of states and logs. */
  private final class Pod implements InClusterLab {
    private final Deque<Poll> polls = new ArrayDeque<>();
    private final List<String> calls = new ArrayList<>();
    private List<String> log = List.of();
    private int failingFetches;

    private record Poll(State state, List<String> log, boolean answers) {}

    Pod waits(String why) {
      return then(new State.Waiting(why, false));
    }

    Pod cannotStart(String why) {
      return then(new State.Waiting(why, true));
    }

    Pod runs(String... lines) {
      return then(new State.Running(), lines);
    }

    Pod ends(int exitCode, String... lines) {
      return then(new State.Ended(exitCode, "because"), lines);
    }

    Pod apiFails() {
      polls.add(new Poll(new State.Running(), List.of(), false));
      return this;
    }

    private Pod then(State state, String... lines) {
      polls.add(new Poll(state, List.of(lines), true));
      return this;
    }

    @Override
    public String description() {
      return "a pod";
    }

    @Override
    public void start() {
      calls.add("start");
    }

    @Override
    public State state() throws ClusterFailure {
      Poll poll = polls.removeFirst();
      if (!poll.answers()) {
        throw new ClusterFailure("no answer");
      }
      log = poll.log();
      return poll.state();
    }

    @Override
    public List<String> log() {
      return log;
    }

    @Override
    public void fetch(Path file) throws ClusterFailure {
      calls.add("fetch");
      if (failingFetches-- > 0) {
        throw new ClusterFailure("cut off");
      }
      try {
        Bundle.write(file, results, List.of(results.resolve("histories/redis.jsonl")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void finish() {
      calls.add("finish");
    }
  }
}
