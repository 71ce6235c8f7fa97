package dev.statecraft.lab.checker.guarantee;

import java.util.List;

/** The read guarantees of {@code replicated}, by the names that options, properties and histories use. */
public final class Reads {
  /** Every read sees every acknowledged write. */
  public static final String LINEARIZABLE = "linearizable";
  /** Clients read their own writes, and their reads are monotonic. */
  public static final String SESSION = "session";
  /** A read sees what its node has applied. */
  public static final String LOCAL = "local";

  private Reads() {}

  /** All names, the strongest guarantee first. */
  public static List<String> all() {
    return List.of(LINEARIZABLE, SESSION, LOCAL);
  }
}
