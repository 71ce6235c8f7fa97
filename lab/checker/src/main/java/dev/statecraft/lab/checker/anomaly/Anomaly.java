package dev.statecraft.lab.checker.anomaly;

import dev.statecraft.lab.history.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that went wrong, with its proof.
 *
 * @param session the client's name of the session
 * @param item the item that it is about, or null for a lost session
 * @param lostItems how many items a lost session took with it, otherwise 0
 * @param explanation one sentence for a reader who sees nothing else; times in milliseconds since the run began
 * @param operations the fewest operations that prove it, in the order in which they were invoked; the last to complete
 * is the one that showed it
 */
public record Anomaly(AnomalyKind kind, String session, @Nullable String item, long lostItems, String explanation,
    List<Operation> operations) {

  public Anomaly {
    operations = List.copyOf(operations);
  }
}
