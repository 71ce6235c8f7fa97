package dev.statecraft.lab.experiment.concurrency;

/** General properties of a concurrency model; {@code request} is what each request occupies. */
record ConcurrencyProfile(String hue, boolean dashed, String request, String goodFor, String limitedBy) {
  static ConcurrencyProfile of(String model) {
    return switch (model) {
      case "iterative" -> new ConcurrencyProfile("other", false, "the whole service",
          "work that must never overlap; a baseline for the other models",
          "any wait, because all other requests wait too");
      case "thread-per-request" -> new ConcurrencyProfile("redis", false, "a new platform thread, 1,000 at most",
          "blocking code without a pool to tune",
          "the cost of creating a thread for each short request; thousands of concurrent calculations");
      case "pool" -> new ConcurrencyProfile("affinity", false, "one of 200 threads, or one of 100 places in a queue",
          "calculation, and work whose concurrency must be bounded",
          "waiting: all threads are blocked while the CPUs are idle");
      case "pool-20" -> new ConcurrencyProfile("affinity", true, "one of 20 threads, or one of 10 places in a queue",
          "calculation on few CPUs", "waiting, at a tenth of the rate of 200 threads");
      case "virtual-threads" -> new ConcurrencyProfile("replicated", false, "a virtual thread, 1,000 at most",
          "thousands of requests that mostly wait",
          "calculation: as many long calculations as CPUs block all other requests");
      case "event-loop" ->
        new ConcurrencyProfile("cookie", false, "one of several event loops, each with its own listening socket",
            "many connections that mostly wait", "blocking: one blocking call stops all connections of its loop");
      case "one-event-loop" -> new ConcurrencyProfile("cookie", true, "the only event loop",
          "measuring a single thread that multiplexes all connections",
          "blocking; also by one CPU for all input and output");
      default -> new ConcurrencyProfile("other", true, "-", "-", "-");
    };
  }
}
