package dev.statecraft.lab.checker;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@link Checker} found in a history, held against what the strategy documents.
 *
 * @param verdict all anomalies
 * @param mayShow the kinds that the strategy documents that it may show, in some circumstance, to such clients
 * @param documented the anomalies that happened in such a circumstance
 * @param broken those that did not: each one breaks the guarantee
 * @param sessions how many sessions were searched for a linearization
 * @param undecided the sessions whose search reached its bound: nothing was proved of them either way
 */
public record CheckResult(Verdict verdict, Set<AnomalyKind> mayShow, List<Anomaly> documented, List<Anomaly> broken,
    long sessions, List<String> undecided) {

  public CheckResult {
    mayShow = Set.copyOf(mayShow);
    documented = List.copyOf(documented);
    broken = List.copyOf(broken);
    undecided = List.copyOf(undecided);
  }

  /** Whether the strategy kept its guarantee. */
  public boolean kept() {
    return broken.isEmpty();
  }

  /**
   * The names of the counts in {@code results.json} of which every anomaly seen, or possible, is documented. A count of
   * which one anomaly breaks the guarantee is not among them.
   */
  public List<String> allowedFields() {
    Set<AnomalyKind> kinds = new TreeSet<>(mayShow);
    documented.forEach(anomaly -> kinds.add(anomaly.kind()));
    broken.forEach(anomaly -> kinds.remove(anomaly.kind()));
    List<String> fields = new ArrayList<>();
    for (AnomalyKind kind : kinds) {
      fields.add(kind.field());
      if (kind == AnomalyKind.LOST_SESSION) {
        fields.add(AnomalyKind.LOST_ITEMS_FIELD);
      }
    }
    return List.copyOf(fields);
  }

  /** At most so many anomalies of each kind, those that break the guarantee first. */
  public List<Anomaly> counterexamples(int ofEachKind) {
    Map<AnomalyKind, Integer> taken = new EnumMap<>(AnomalyKind.class);
    List<Anomaly> chosen = new ArrayList<>();
    for (List<Anomaly> anomalies : List.of(broken, documented)) {
      for (Anomaly anomaly : anomalies) {
        if (taken.merge(anomaly.kind(), 1, Integer::sum) <= ofEachKind) {
          chosen.add(anomaly);
        }
      }
    }
    chosen.sort(Comparator.comparing(Anomaly::kind));
    return List.copyOf(chosen);
  }
}
