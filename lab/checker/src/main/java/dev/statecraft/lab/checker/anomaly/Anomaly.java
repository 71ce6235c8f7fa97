package dev.statecraft.lab.checker.anomaly;

import dev.statecraft.lab.history.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One anomaly with its proof.
 *
 * @param session the client's name for the session
 * @param item the item concerned; null for an anomaly of a whole session
 * @param lostItems the number of items that a lost session held, otherwise 0
 * @param explanation one self-contained sentence; times in milliseconds since the start of the run
 * @param operations the smallest set of operations that prove the anomaly, in the order of invocation; the one that
 * completed last revealed it
 */
public record Anomaly(AnomalyKind kind, String session, @Nullable String item, long lostItems, String explanation,
    List<Operation> operations) {
  public Anomaly {
    operations = List.copyOf(operations);
  }
}
