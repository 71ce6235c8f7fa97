package dev.statecraft.lab.experiment.reads;

import dev.statecraft.lab.experiment.reads.ReadCost.Cost;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints the costs of read guarantees to a terminal. */
final class ReadCostTable {
  private ReadCostTable() {}

  static void print(List<Cost> costs, PrintWriter out) {
    out.println("Traffic between three nodes of replicated, idle and under a load of reads only.");
    out.println();
    out.printf(Locale.ROOT, "%-14s %10s %12s %14s %14s %14s %12s%n", "", "answered", "idle", "reading", "messages",
        "payload bytes", "log entries");
    out.printf(Locale.ROOT, "%-14s %10s %12s %14s %14s %14s %12s%n", "reads=", "reads/s", "messages/s", "messages/s",
        "per read", "per read", "for reads");
    for (Cost cost : costs) {
      out.printf(Locale.ROOT, "%-14s %10.1f %12.1f %14.1f %14.3f %14.1f %12d%n", cost.reads(), cost.readsPerSecond(),
          cost.idle().messagesPerSecond(), cost.reading().messagesPerSecond(), cost.messagesPerRead(),
          cost.bytesPerRead(), cost.reading().entries());
    }
    out.flush();
  }
}
