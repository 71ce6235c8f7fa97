package dev.statecraft.gateway.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ejects the nodes of one route that fail more of their requests than the others ({@link OutlierRule}). It compares the
 * outcomes of each interval when the first outcome after the interval is recorded, so it needs no timer. Thread-safe.
 */
public final class OutlierDetector {
  private final String route;
  private final OutlierRule rule;
  private final Supplier<? extends List<? extends ProbeTarget>> nodes;
  private final LongSupplier nanoTime;
  private final AtomicLong intervalEnd;

  /**
   * Makes a detector.
   *
   * @param nodes all nodes of the route
   * @param nanoTime the clock of {@link System#nanoTime()}
   */
  public OutlierDetector(String route, OutlierRule rule, Supplier<? extends List<? extends ProbeTarget>> nodes,
      LongSupplier nanoTime) {
    this.route = route;
    this.rule = rule;
    this.nodes = nodes;
    this.nanoTime = nanoTime;
    this.intervalEnd = new AtomicLong(nanoTime.getAsLong() + rule.interval().toNanos());
  }

  /** Compares the nodes if an interval is over. Called after each outcome. */
  public void check() {
    if (rule.isOff()) {
      return;
    }
    long now = nanoTime.getAsLong();
    long end = intervalEnd.get();
    if (now - end >= 0 && intervalEnd.compareAndSet(end, now + rule.interval().toNanos())) {
      compare();
    }
  }

  private void compare() {
    List<NodeHealth> judged = new ArrayList<>();
    List<Outcomes> outcomes = new ArrayList<>();
    for (ProbeTarget node : nodes.get()) {
      Outcomes own = node.health().drainOutcomes();
      if (node.health().status() == NodeStatus.AVAILABLE) {
        judged.add(node.health());
        outcomes.add(own);
      }
    }
    for (int index : rule.outliers(outcomes)) {
      Outcomes failing = outcomes.get(index);
      if (judged.get(index).ejectOutlier(rule)) {
        Outcomes others = outcomes.stream().reduce(new Outcomes(0, 0), Outcomes::plus).minus(failing);
        // One logger for each route, so that its level can be set separately.
        Logger log = LoggerFactory.getLogger(OutlierDetector.class.getName() + '.' + route);
        log.info("Route {}: the ejected node failed {} of its {} requests, the other nodes {} of {}", route,
            percent(failing), failing.total(), percent(others), others.total());
      }
    }
  }

  private static String percent(Outcomes outcomes) {
    return String.format(Locale.ROOT, "%.1f %%", outcomes.failedShare() * 100);
  }
}
