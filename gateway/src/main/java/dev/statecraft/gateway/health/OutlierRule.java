package dev.statecraft.gateway.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides which nodes fail more of their requests than the others, as the failure-percentage and the success-rate
 * detection of Envoy do together. A node is an outlier if its share of failures is at least {@code minFailedShare}, and
 * exceeds that of all other nodes together by {@code deviations} standard errors (the z-test of two proportions). Envoy
 * compares with the mean of all nodes, which cannot find an outlier among fewer than five.
 *
 * @param interval time whose outcomes are compared; zero for no detection
 * @param minNodes minimum number of nodes with enough requests
 * @param minRequests minimum number of outcomes of a node in the interval
 * @param minFailedShare from 0 to 1
 * @param maxEjectedShare maximum share of the nodes that may be ejected at the same time, from 0 to 1
 * @param ejection how long an outlier is ejected the first time; each further time lasts twice as long
 */
public record OutlierRule(Duration interval, int minNodes, int minRequests, double minFailedShare, double deviations,
    double maxEjectedShare, Duration ejection) {
  /** Finds no outlier. */
  public static final OutlierRule OFF = new OutlierRule(Duration.ZERO, 2, 1, 1, 1, 0, Duration.ZERO);

  boolean isOff() {
    return interval.isZero();
  }

  /** Returns the indexes of the outliers, the highest share of failures first. */
  List<Integer> outliers(List<Outcomes> nodes) {
    List<Outcomes> judged = nodes.stream().filter(node -> node.total() >= minRequests).toList();
    if (isOff() || judged.size() < Math.max(minNodes, 2)) {
      return List.of();
    }
    Outcomes all = judged.stream().reduce(new Outcomes(0, 0), Outcomes::plus);
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Outcomes node = nodes.get(i);
      if (node.total() >= minRequests && node.failedShare() >= minFailedShare
          && deviation(node, all.minus(node)) >= deviations) {
        found.add(i);
      }
    }
    found.sort(Comparator.comparingDouble((Integer i) -> nodes.get(i).failedShare()).reversed());
    return found;
  }

  /** Returns by how many standard errors a node's share of failures exceeds that of the others. */
  static double deviation(Outcomes node, Outcomes others) {
    double difference = node.failedShare() - others.failedShare();
    double pooled = node.plus(others).failedShare();
    double variance = pooled * (1 - pooled) * (1.0 / node.total() + 1.0 / others.total());
    if (difference <= 0) {
      return 0;
    }
    return variance == 0 ? Double.POSITIVE_INFINITY : difference / Math.sqrt(variance);
  }
}
