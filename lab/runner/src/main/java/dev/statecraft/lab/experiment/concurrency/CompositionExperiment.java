package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.StandaloneService;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.WorkClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Measures how long a request takes that makes three calls of 100 ms, in sequence or in parallel. */
public final class CompositionExperiment {
  private static final String CALL = "/work?wait=100";
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int WARM_UP_REQUESTS = 5;
  private static final int MEASURED_REQUESTS = 21;

  private CompositionExperiment() {}

  /** Measures every composition that a service offers. */
  static List<Composed> run(App app, CpuPartition partition, LocalServices services)
      throws ClusterFailure, InterruptedException {
    List<String> queries = app == App.STATELESS
        ? List.of("mode=sequential", "mode=parallel&with=threads", "mode=parallel&with=virtual-threads")
        : List.of("mode=sequential", "mode=parallel&with=zip");
    String name = "fanout-" + app.module();
    try (StandaloneService service = StandaloneService.start(app, CompositionExperiment::targets,
        services.launches().of(app, app.module(), name), partition, services.java(),
        services.log("concurrency-logs", name))) {
      double oneCall = median(service.uri().resolve(CALL));
      List<Composed> composed = new ArrayList<>();
      for (String query : queries) {
        composed.add(new Composed(app.module(), query.replace("mode=", "").replace("&with=", " with "),
            median(service.uri().resolve("/fanout?" + query)), oneCall));
      }
      return composed;
    }
  }

  private static Map<String, String> targets(URI service) {
    String target = service.resolve(CALL).toString();
    return Map.of("statecraft.fanout.targets", String.join(",", List.of(target, target, target)));
  }

  private static double median(URI uri) throws ClusterFailure {
    try (WorkClient client = new WorkClient(uri, 1, DEADLINE)) {
      for (int time = 0; time < WARM_UP_REQUESTS; time++) {
        nanos(client, uri);
      }
      List<Long> all = new ArrayList<>();
      for (int time = 0; time < MEASURED_REQUESTS; time++) {
        all.add(nanos(client, uri));
      }
      LongStream sorted = all.stream().mapToLong(Long::longValue).sorted();
      return sorted.skip(MEASURED_REQUESTS / 2).findFirst().orElseThrow() / 1e6;
    }
  }

  private static long nanos(WorkClient client, URI uri) throws ClusterFailure {
    long began = System.nanoTime();
    if (!(client.send() instanceof Outcome.Ok)) {
      throw new ClusterFailure("request to " + uri + " failed");
    }
    return System.nanoTime() - began;
  }
}
