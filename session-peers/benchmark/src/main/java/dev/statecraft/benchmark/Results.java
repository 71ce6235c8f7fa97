package dev.statecraft.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Requests for each second by candidate, workload and round. Not thread-safe. */
final class Results {
  private final Map<Candidate, Map<Workload, List<Double>>> rates = new EnumMap<>(Candidate.class);

  void add(Candidate candidate, Workload workload, double rate) {
    rates
        .computeIfAbsent(candidate, any -> new EnumMap<>(Workload.class))
        .computeIfAbsent(workload, any -> new ArrayList<>())
        .add(rate);
  }

  private List<Double> of(Candidate candidate, Workload workload) {
    return rates.getOrDefault(candidate, Map.of()).getOrDefault(workload, List.of());
  }

  /** Median over the rounds of the ratio to {@code spring-redis} in the same round. */
  double ratio(Candidate candidate, Workload workload) {
    List<Double> base = of(Candidate.SPRING_REDIS, workload);
    List<Double> own = of(candidate, workload);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < own.size(); round++) {
      ratios.add(own.get(round) / base.get(round));
    }
    return median(ratios);
  }

  String table() {
    StringBuilder table = new StringBuilder(
        String.format(Locale.ROOT, "%-24s%10s%8s%10s%8s%n", "strategy", "reads/s", "ratio", "adds/s", "ratio"));
    for (Candidate candidate : Candidate.values()) {
      table.append(String.format(Locale.ROOT, "%-24s", candidate.label));
      for (Workload workload : Workload.values()) {
        table.append(
            String.format(
                Locale.ROOT, "%,10.0f%8.2f", median(of(candidate, workload)), ratio(candidate, workload)));
      }
      table.append(System.lineSeparator());
    }
    return table.toString();
  }

  /** The middle value, or the mean of the two middle ones. */
  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
