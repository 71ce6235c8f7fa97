package dev.statecraft.lab.checker.anomaly;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The anomalies that a history proves.
 *
 * @param operations the number of operations checked
 * @param anomalies each with its proof, by kind, then by session in the order of the history
 */
public record Verdict(long operations, List<Anomaly> anomalies) {
  public Verdict {
    anomalies = List.copyOf(anomalies);
  }

  /** Tells whether there is no anomaly. */
  public boolean isClean() {
    return anomalies.isEmpty();
  }

  /** Returns the number of anomalies of one kind. */
  public long count(AnomalyKind kind) {
    return anomalies.stream().filter(anomaly -> anomaly.kind() == kind).count();
  }

  /** Returns the number of items in the carts of lost sessions. None of them also counts as a lost write. */
  public long lostItems() {
    return anomalies.stream().mapToLong(Anomaly::lostItems).sum();
  }

  /** Returns the count of each kind that was found. */
  public Map<AnomalyKind, Long> counts() {
    return anomalies.stream().collect(Collectors.groupingBy(Anomaly::kind, TreeMap::new, Collectors.counting()));
  }
}
