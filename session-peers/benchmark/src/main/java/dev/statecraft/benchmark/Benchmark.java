package dev.statecraft.benchmark;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redis.embedded.RedisServer;

/** Starts one Redis server and one service for each {@link Candidate}, and measures them in rounds. */
@Command(
    name = "session-benchmark", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Compares strategy redis with Spring Session's own repository on one Redis server: requests per"
        + " second of one node, and the median of the rounds' ratios.")
final class Benchmark implements Callable<Integer> {
  private static final int MAX_CONNECTIONS = 256;
  private static final int WARM_UP_TURNS = 10;

  @Option(
      names = "--rounds", defaultValue = "5", description = "Measured rounds. Default: ${DEFAULT-VALUE}.")
  private int rounds;
  @Option(
      names = "--requests", defaultValue = "8000",
      description = "Requests of a round for each strategy and workload. Default: ${DEFAULT-VALUE}.")
  private int requests;
  @Option(
      names = "--warm-up", defaultValue = "150000",
      description = "Requests before the first round for each strategy and workload. Default: ${DEFAULT-VALUE}.")
  private int warmUp;
  @Option(
      names = "--connections", defaultValue = "8",
      description = "Connections that send at the same time. Default: ${DEFAULT-VALUE}.")
  private int connections;
  @Option(
      names = "--home", defaultValue = ".",
      description = "The directory of the project, built by mvn package. Default: the current directory.")
  private Path home = Path.of(".");
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call
  private CommandSpec spec;

  static void main(String[] arguments) {
    System.exit(new CommandLine(new Benchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireRange("--connections", connections, MAX_CONNECTIONS);
    for (int count : new int[]{rounds, requests / connections, warmUp / connections}) {
      requireRange("--rounds, --requests and --warm-up for each connection", count, 1_000_000);
    }
    Path service = require(home.resolve("stateful-service/target/stateful-service.jar"));
    Path peer = require(home.resolve("session-peers/spring-redis/target/peer"));
    Path logs = Files.createTempDirectory("session-benchmark");
    int port = ServiceProcess.freePort();
    RedisServer redis = RedisServer
        .newRedisServer()
        .port(port)
        .setting("save \"\"")
        .setting("appendonly no")
        .soutListener(line -> {})
        .serrListener(line -> {})
        .build();
    redis.start();
    Map<Candidate, ServiceProcess> services = new EnumMap<>(Candidate.class);
    try {
      for (Candidate candidate : Candidate.values()) {
        List<String> properties = new ArrayList<>(candidate.properties());
        properties.add("spring.data.redis.host=127.0.0.1");
        properties.add("spring.data.redis.port=" + port);
        properties.add("spring.data.redis.database=" + services.size());
        services.put(
            candidate, ServiceProcess.start(service, peer, properties, logs.resolve(candidate.name() + ".log")));
      }
      measure(services);
    } finally {
      services.values().forEach(ServiceProcess::close);
      redis.stop();
    }
    return 0;
  }

  private void measure(Map<Candidate, ServiceProcess> services) throws IOException, InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    for (ServiceProcess service : services.values()) {
      service.awaitReady();
    }
    // In turns, so that none idles for minutes before its rounds while others are warmed.
    Load warming = new Load(connections, Math.ceilDiv(warmUp, connections * WARM_UP_TURNS));
    for (int turn = 1; turn <= WARM_UP_TURNS; turn++) {
      progress.println("warming up, turn " + turn + " of " + WARM_UP_TURNS);
      for (ServiceProcess service : services.values()) {
        for (Workload workload : Workload.values()) {
          warming.run(service.port(), workload);
        }
      }
    }
    Results results = new Results();
    Load load = new Load(connections, requests / connections);
    List<Candidate> order = new ArrayList<>(services.keySet());
    for (int round = 1; round <= rounds; round++) {
      progress.println("round " + round + " of " + rounds);
      for (Workload workload : Workload.values()) {
        for (Candidate candidate : order) {
          ServiceProcess service = services.get(candidate);
          if (service != null) {
            results.add(candidate, workload, load.run(service.port(), workload));
          }
        }
      }
      Collections.rotate(order, 1);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(results.table());
    out.printf("Median of %d rounds of %d requests on %d connections.%n", rounds, requests, connections);
    out.flush();
  }

  private Path require(Path built) {
    if (Files.notExists(built)) {
      throw new ParameterException(
          spec.commandLine(),
          built + " is missing: build it with 'mvn -DskipTests package -pl session-peers/benchmark -am'");
    }
    return built;
  }

  private void requireRange(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new ParameterException(spec.commandLine(), option + ": is " + value + "; use 1 to " + max);
    }
  }
}
