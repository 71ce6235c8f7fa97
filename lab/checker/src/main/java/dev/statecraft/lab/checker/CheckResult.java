package dev.statecraft.lab.checker;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Verdict;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The result of a {@link Checker}: the anomalies of a history, compared with the guarantee of the strategy.
 *
 * @param verdict all anomalies
 * @param mayShow the kinds that the strategy documents for such clients under some condition
 * @param documented the anomalies whose documented condition holds
 * @param broken the other anomalies; each of them breaks the guarantee
 * @param sessions the number of sessions searched for a linearization
 * @param undecided the sessions whose search reached its bound, so that nothing was proved
 */
public record CheckResult(Verdict verdict, Set<AnomalyKind> mayShow, List<Anomaly> documented, List<Anomaly> broken,
    long sessions, List<String> undecided) {
  public CheckResult {
    mayShow = Set.copyOf(mayShow);
    documented = List.copyOf(documented);
    broken = List.copyOf(broken);
    undecided = List.copyOf(undecided);
  }

  /** Tells whether the strategy kept its guarantee. */
  public boolean kept() {
    return broken.isEmpty();
  }

  /**
   * Returns the names of the counts in {@code results.json} for which every anomaly, seen or possible, is documented. A
   * count with an anomaly that breaks the guarantee is not included.
   */
  public List<String> allowedFields() {
    Set<AnomalyKind> kinds = new TreeSet<>(mayShow);
    documented.forEach(anomaly -> kinds.add(anomaly.kind()));
    broken.forEach(anomaly -> kinds.remove(anomaly.kind()));
    return kinds.stream().flatMap(kind -> kind == AnomalyKind.LOST_SESSION
        ? Stream.of(kind.field(), AnomalyKind.LOST_ITEMS_FIELD)
        : Stream.of(kind.field())).toList();
  }

  /** Returns up to the given number of anomalies of each kind, first those that break the guarantee. */
  public List<Anomaly> counterexamples(int ofEachKind) {
    Map<AnomalyKind, Integer> taken = new EnumMap<>(AnomalyKind.class);
    return Stream.concat(broken.stream(), documented.stream())
        .filter(anomaly -> taken.merge(anomaly.kind(), 1, Integer::sum) <= ofEachKind)
        .sorted(Comparator.comparing(Anomaly::kind)).toList();
  }
}
