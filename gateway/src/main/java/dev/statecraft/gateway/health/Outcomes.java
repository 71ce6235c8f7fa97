package dev.statecraft.gateway.health;

/**
 * How the attempts at a node ended in one interval. Only outcomes that the node caused are in it.
 *
 * @param good answers other than the node's errors
 * @param failed failures that cannot be the fault of one client
 */
record Outcomes(long good, long failed) {
  long total() {
    return good + failed;
  }

  /** Returns the share of failures, from 0 to 1; 0 without an outcome. */
  double failedShare() {
    return total() == 0 ? 0 : (double) failed / total();
  }

  Outcomes plus(Outcomes other) {
    return new Outcomes(good + other.good, failed + other.failed);
  }

  Outcomes minus(Outcomes other) {
    return new Outcomes(good - other.good, failed - other.failed);
  }
}
