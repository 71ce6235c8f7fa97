package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.environment.local.launch.App;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A way to serve requests concurrently.
 *
 * @param name the name in options and reports
 * @param settings the service's properties that select it, with the bounds that all models share
 */
public record ConcurrencyModel(String name, App app, Map<String, String> settings) {
  /** The maximum number of requests in flight of models that have no bound of their own. */
  public static final int MAX_IN_FLIGHT = 1_000;

  private static final int POOL_THREADS = 200;

  public ConcurrencyModel {
    settings = Map.copyOf(settings);
  }

  /** All models, for a service with this number of CPUs. */
  public static List<ConcurrencyModel> all(int processors) {
    return List.of(servlet("iterative", "iterative", Map.of()),
        servlet("thread-per-request", "thread-per-request", maximum("thread-per-request", MAX_IN_FLIGHT)),
        pool("pool-20", POOL_THREADS / 10), pool("pool", POOL_THREADS),
        servlet("virtual-threads", "virtual-threads", maximum("virtual-threads", MAX_IN_FLIGHT)),
        eventLoop("event-loop", Math.max(2, processors)), eventLoop("one-event-loop", 1));
  }

  /** The names of all models. */
  public static List<String> names() {
    return all(1).stream().map(ConcurrencyModel::name).toList();
  }

  private static ConcurrencyModel servlet(String name, String model, Map<String, String> settings) {
    return new ConcurrencyModel(name, App.STATELESS, with(settings, "statecraft.concurrency", model));
  }

  private static ConcurrencyModel pool(String name, int threads) {
    Map<String, String> queue = Map.of("statecraft.pool.queue", Integer.toString(threads / 2));
    return servlet(name, "pool", with(queue, "statecraft.pool.maximum", Integer.toString(threads)));
  }

  private static ConcurrencyModel eventLoop(String name, int acceptors) {
    return new ConcurrencyModel(name, App.REACTIVE, Map.of("statecraft.acceptors", Integer.toString(acceptors),
        "statecraft.maximum-requests", Integer.toString(MAX_IN_FLIGHT)));
  }

  private static Map<String, String> maximum(String model, int threads) {
    return Map.of("statecraft." + model + ".maximum", Integer.toString(threads));
  }

  private static Map<String, String> with(Map<String, String> settings, String name, String value) {
    return Stream.concat(settings.entrySet().stream(), Stream.of(Map.entry(name, value)))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
