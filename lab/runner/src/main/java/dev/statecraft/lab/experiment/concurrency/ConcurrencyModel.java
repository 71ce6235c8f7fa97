package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.environment.local.launch.App;
import java.util.List;
import java.util.Map;

/**
 * A way to serve requests concurrently.
 *
 * @param name the name in options and reports
 * @param settings the service's properties that select it, with the bounds that all models share
 */
public record ConcurrencyModel(String name, App app, Map<String, String> settings) {
  /** The maximum number of requests in flight of models that have no bound of their own. */
  public static final int MAX_IN_FLIGHT = 1_000;

  public ConcurrencyModel {
    settings = Map.copyOf(settings);
  }

  /** All models, for a service with this number of CPUs. */
  public static List<ConcurrencyModel> all(int processors) {
    return List.of(new ConcurrencyModel("iterative", App.STATELESS, Map.of("statecraft.concurrency", "iterative")),
        unpooled("thread-per-request"), pool("pool-20", 20), pool("pool", 200), unpooled("virtual-threads"),
        eventLoop("event-loop", Math.max(2, processors)), eventLoop("one-event-loop", 1));
  }

  /** The names of all models. */
  public static List<String> names() {
    return all(1).stream().map(ConcurrencyModel::name).toList();
  }

  private static ConcurrencyModel unpooled(String name) {
    return new ConcurrencyModel(name, App.STATELESS, Map.of("statecraft.concurrency", name,
        "statecraft." + name + ".maximum", Integer.toString(MAX_IN_FLIGHT)));
  }

  private static ConcurrencyModel pool(String name, int threads) {
    return new ConcurrencyModel(name, App.STATELESS, Map.of("statecraft.concurrency", "pool",
        "statecraft.pool.maximum", Integer.toString(threads), "statecraft.pool.queue", Integer.toString(threads / 2)));
  }

  private static ConcurrencyModel eventLoop(String name, int acceptors) {
    return new ConcurrencyModel(name, App.REACTIVE, Map.of("statecraft.acceptors", Integer.toString(acceptors),
        "statecraft.maximum-requests", Integer.toString(MAX_IN_FLIGHT)));
  }
}
