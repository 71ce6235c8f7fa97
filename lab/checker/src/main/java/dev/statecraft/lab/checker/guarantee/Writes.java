package dev.statecraft.lab.checker.guarantee;

import java.util.List;

/** The write modes of {@code redis}, by their names in options, properties and histories. */
public final class Writes {
  /** The behaviour of Spring Session. */
  public static final String LAST_WRITE_WINS = "last-write-wins";
  /** The loser of two concurrent writes is rejected. */
  public static final String COMPARE_AND_SET = "compare-and-set";
  /** As {@link #COMPARE_AND_SET}, and a write is acknowledged after the replicas have it. */
  public static final String CONFIRMED = "confirmed";

  private Writes() {}

  /** All names, the weakest guarantee first. */
  public static List<String> all() {
    return List.of(LAST_WRITE_WINS, COMPARE_AND_SET, CONFIRMED);
  }
}
