package dev.statecraft.lab.checker.anomaly;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a history proves to have gone wrong; nothing, where {@link #isClean()}.
 *
 * @param operations how many operations were looked at
 * @param anomalies each with its proof, by kind, then by session in the order of the history
 */
public record Verdict(long operations, List<Anomaly> anomalies) {

  public Verdict {
    anomalies = List.copyOf(anomalies);
  }

  /** Whether nothing was found. */
  public boolean isClean() {
    return anomalies.isEmpty();
  }

  /** How often one kind was found. */
  public long count(AnomalyKind kind) {
    return anomalies.stream().filter(anomaly -> anomaly.kind() == kind).count();
  }

  /** How many items were in the carts of lost sessions; none of them is a lost write as well. */
  public long lostItems() {
    return anomalies.stream().mapToLong(Anomaly::lostItems).sum();
  }

  /** The count of each kind that was found. */
  public Map<AnomalyKind, Long> counts() {
    return anomalies.stream().collect(Collectors.groupingBy(Anomaly::kind, TreeMap::new, Collectors.counting()));
  }
}
