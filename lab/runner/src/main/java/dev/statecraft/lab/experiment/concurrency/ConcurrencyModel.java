package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.environment.local.launch.App;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One way to serve requests, as the services know it.
 *
 * @param name as the user and the report say it
 * @param settings what makes the service work like that, within the bounds that all share
 */
public record ConcurrencyModel(String name, App app, Map<String, String> settings) {
  /** The most requests under way of those models that would take in any number. */
  public static final int MAX_UNDER_WAY = 1_000;

  private static final int POOL_THREADS = 200;

  public ConcurrencyModel {
    settings = Map.copyOf(settings);
  }

  /** All of them, for a machine of so many processors. */
  public static List<ConcurrencyModel> all(int processors) {
    return List.of(servlet("iterative", "iterative", Map.of()),
        servlet("thread-per-request", "thread-per-request", maximum("thread-per-request", MAX_UNDER_WAY)),
        pool("pool-20", POOL_THREADS / 10), pool("pool", POOL_THREADS),
        servlet("virtual-threads", "virtual-threads", maximum("virtual-threads", MAX_UNDER_WAY)),
        eventLoop("event-loop", Math.max(2, processors)), eventLoop("one-event-loop", 1));
  }

  /** The names of all. */
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
        "statecraft.maximum-requests", Integer.toString(MAX_UNDER_WAY)));
  }

  private static Map<String, String> maximum(String model, int threads) {
    return Map.of("statecraft." + model + ".maximum", Integer.toString(threads));
  }

  private static Map<String, String> with(Map<String, String> settings, String name, String value) {
    return Stream.concat(settings.entrySet().stream(), Stream.of(Map.entry(name, value)))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
