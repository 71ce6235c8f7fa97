package dev.statecraft.lab.checker.guarantee;

import java.util.List;

/** How {@code redis} writes, by the names that options, properties and histories use. */
public final class Writes {
  /** As Spring Session does. */
  public static final String LAST_WRITE_WINS = "last-write-wins";
  /** The loser of two concurrent writes is told. */
  public static final String COMPARE_AND_SET = "compare-and-set";
  /** As {@link #COMPARE_AND_SET}, and a write waits until the replicas have it. */
  public static final String CONFIRMED = "confirmed";

  private Writes() {}

  /** All of them, the weakest first. */
  public static List<String> all() {
    return List.of(LAST_WRITE_WINS, COMPARE_AND_SET, CONFIRMED);
  }
}
