package dev.statecraft.lab.checker.anomaly;

import dev.statecraft.lab.history.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Formats operations, times and counts for explanations. */
public final class Explanations {
  private Explanations() {}

  /** Such as {@code operation 17 (read by client 3 at redis-1, 1,204.3 to 1,207.0 ms)}. */
  public static String of(Operation operation) {
    String node = operation.servedBy() == null ? "" : " at " + operation.servedBy();
    return String.format(Locale.ROOT, "operation %d (%s by client %d%s, %,.1f to %,.1f ms)", operation.id(),
        operation.call().name().toLowerCase(Locale.ROOT), operation.client(), node, operation.invoked() / 1e6,
        operation.completed() / 1e6);
  }

  public static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** Makes a proof: each operation once, without nulls, in the order of invocation. */
  public static List<Operation> proof(@Nullable Operation... operations) {
    return Stream.of(operations).filter(Objects::nonNull).map(Objects::requireNonNull).distinct()
        .sorted(Comparator.comparingLong(Operation::invoked).thenComparingLong(Operation::id)).toList();
  }
}
