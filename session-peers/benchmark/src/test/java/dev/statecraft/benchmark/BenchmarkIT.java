package dev.statecraft.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchmarkIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new Benchmark())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void printsRatiosOfAllStrategies() {
    int code = run("--home", "../..", "--rounds", "1", "--requests", "40", "--warm-up", "40", "--connections", "4");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("spring-redis +[0-9,]+ +1\\.00 +[0-9,]+ +1\\.00"))
        .anyMatch(line -> line.matches("redis, last-write-wins +[0-9,]+ +[0-9.]+ +[0-9,]+ +[0-9.]+"))
        .anyMatch(line -> line.matches("redis, compare-and-set +[0-9,]+ +[0-9.]+ +[0-9,]+ +[0-9.]+"));
  }

  @Test
  void rejectsInvalidInput() {
    assertThat(run("--connections", "0")).isEqualTo(2);
    assertThat(run("--rounds", "0")).isEqualTo(2);
    assertThat(run("--home", "/nonexistent")).isEqualTo(2);
    assertThat(err.toString()).contains("use 1 to 256", "stateful-service.jar is missing");
  }
}
