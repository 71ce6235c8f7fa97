package dev.statecraft.lab.experiment.concurrency;

/**
 * What is known of a concurrency model before any measurement.
 *
 * @param hue the colour that stands for it
 * @param dashed whether its line is dashed, as a variant's of the model with the same colour
 * @param request what a request gets
 */
record ConcurrencyProfile(String hue, boolean dashed, String request, String goodFor, String diesBy) {
  static ConcurrencyProfile of(String model) {
    return switch (model) {
      case "iterative" -> new ConcurrencyProfile(
          "other", false, "its turn", "work that must never overlap; showing what the others are for",
          "anything that waits, since everybody waits with it");
      case "thread-per-request" -> new ConcurrencyProfile("redis", false,
          "a new thread of the system, of 1,000 at most", "plain blocking code without a pool to tune",
          "the price of a thread for each short request; thousands that calculate at once");
      case "pool" -> new ConcurrencyProfile("affinity", false, "one of 200 threads, or one of 100 places in a queue",
          "calculation, and work whose number at once must be bounded anyway",
          "waiting: its threads are all taken while the processors idle");
      case "pool-20" -> new ConcurrencyProfile("affinity", true, "one of 20 threads, or one of 10 places in a queue",
          "calculation on few processors", "waiting, ten times sooner than 200 threads");
      case "virtual-threads" -> new ConcurrencyProfile(
          "replicated", false, "a virtual thread, of 1,000 at most", "requests that mostly wait, by the thousand",
          "calculation: as many long ones as processors stop everybody else");
      case "event-loop" -> new ConcurrencyProfile(
          "cookie", false, "a turn on one of several event loops, each with a listening socket of its own",
          "many connections that mostly wait", "whatever holds a loop: one blocking call stops its connections");
      case "one-event-loop" -> new ConcurrencyProfile("cookie", true, "a turn on the one event loop",
          "showing how far a single thread goes that multiplexes all connections",
          "the same, with one processor at most for all input and output");
      default -> new ConcurrencyProfile("other", true, "-", "-", "-");
    };
  }
}
