package dev.statecraft.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Kills services under load: a gateway and three services as processes get 500 GETs per second at a constant rate, and
 * one service is killed by SIGKILL, ten times. Prints failed requests and the p99 of the second before and the second
 * after each kill. Not part of the build; run it with {@code mvn -q -pl stateless-service,gateway -am
 * package -DskipTests && mvn -q -pl gateway -am test -Dtest=KillBenchmark -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class KillBenchmark {
  private static final int REQUESTS_PER_SECOND = 500;
  private static final int RUNS = 10;
  /** Until the JIT compilers have settled. */
  private static final int WARM_UP_SECONDS = 40;
  /** Until the compilers of the restarted node have settled: on few cores they slow down the other processes. */
  private static final int SECONDS_BEFORE = 25;
  private static final int SECONDS = 28;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final List<Process> processes = new ArrayList<>();
  private final Process[] services = new Process[3];
  private final int[] ports = new int[3];
  private int gateway;

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void killOneOfThreeServicesTenTimes() throws Exception {
    gateway = freePort();
    List<String> routes = new ArrayList<>(List.of("--server.port=" + gateway,
        "--statecraft.gateway.routes.shop.prefix=/shop", "--logging.level.root=warn"));
    for (int i = 0; i < services.length; i++) {
      ports[i] = freePort();
      services[i] = service(i);
      routes.add("--statecraft.gateway.routes.shop.nodes.node-" + i + "=http://127.0.0.1:" + ports[i]);
    }
    start("gateway", routes);
    for (int i = 0; i < services.length; i++) {
      awaitAvailable(i);
    }
    load(WARM_UP_SECONDS, -1);
    int failedRuns = 0;
    System.out.printf("%4s %9s %8s %12s %12s %7s%n", "run", "requests", "failed", "p99 before", "p99 after", "ratio");
    for (int run = 1; run <= RUNS; run++) {
      int target = run % services.length;
      Result result = load(SECONDS, target);
      double before = p99(result, SECONDS_BEFORE - 1);
      double after = p99(result, SECONDS_BEFORE);
      System.out.printf("%4d %9d %8d %9.1f ms %9.1f ms %7.2f%n", run, result.latencies().size(), result.failed(),
          before,
          after, after / before);
      failedRuns += result.failed() == 0 && after <= 3 * before ? 0 : 1;
      services[target] = service(target);
      awaitAvailable(target);
    }
    System.out.printf("%d of %d runs without a failed request and with p99 within 3 times%n", RUNS - failedRuns, RUNS);
    assertThat(failedRuns).isZero();
  }

  private record Result(List<Long> latencies, int failed) {}

  private Result load(int seconds, int target) throws InterruptedException {
    int requests = REQUESTS_PER_SECOND * seconds;
    AtomicLongArray latencies = new AtomicLongArray(requests);
    AtomicInteger failed = new AtomicInteger();
    // Keeps no response: garbage collection would pause this process and distort the measured latency.
    CountDownLatch answers = new CountDownLatch(requests);
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway + "/shop/whoami"))
        .timeout(Duration.ofSeconds(10)).build();
    long start = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(1) * i / REQUESTS_PER_SECOND;
      while (due - System.nanoTime() > 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      if (i == REQUESTS_PER_SECOND * SECONDS_BEFORE && target >= 0) {
        services[target].destroyForcibly();
      }
      int number = i;
      var _ = CLIENT.sendAsync(request, BodyHandlers.ofString()).whenComplete((response, error) -> {
        latencies.set(number, System.nanoTime() - due);
        if (error != null || response.statusCode() != 200) {
          failed.incrementAndGet();
        }
        answers.countDown();
      });
    }
    assertThat(answers.await(20, TimeUnit.SECONDS)).isTrue();
    return new Result(IntStream.range(0, requests).mapToObj(latencies::get).toList(), failed.get());
  }

  private static double p99(Result result, int second) {
    List<Long> part = result.latencies().subList(second * REQUESTS_PER_SECOND, (second + 1) * REQUESTS_PER_SECOND)
        .stream().sorted().toList();
    return part.get(part.size() * 99 / 100) / NANOS_PER_MILLI;
  }

  private Process service(int number) throws IOException {
    return start("stateless-service", List.of("--server.port=" + ports[number], "--statecraft.node=node-" + number,
        "--logging.level.root=warn"));
  }

  private Process start(String module, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:MaxInlineLevel=30", "-jar",
        Path.of("..", module, "target", module + ".jar").toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).inheritIO().start();
    processes.add(process);
    return process;
  }

  private void awaitAvailable(int number) {
    HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway + "/actuator/prometheus"))
        .build();
    await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> CLIENT.send(metrics, BodyHandlers.ofString())
        .body().lines().anyMatch(line -> line.startsWith("statecraft_gateway_node_available")
            && line.contains("node-" + number + '"') && line.endsWith(" 1.0")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
