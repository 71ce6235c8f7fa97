package dev.statecraft.benchmark;

import java.util.List;

/** A strategy with its settings. The others are compared with {@link #SPRING_REDIS}. */
enum Candidate {
  SPRING_REDIS("spring-redis", "spring-redis", "last-write-wins"),
  LAST_WRITE_WINS("redis, last-write-wins", "redis", "last-write-wins"),
  COMPARE_AND_SET("redis, compare-and-set", "redis", "compare-and-set");

  final String label;
  private final String strategy;
  /** Strategy {@code spring-redis} ignores it. */
  private final String writes;

  Candidate(String label, String strategy, String writes) {
    this.label = label;
    this.strategy = strategy;
    this.writes = writes;
  }

  List<String> properties() {
    return List.of("statecraft.session.strategy=" + strategy, "statecraft.session.redis.writes=" + writes);
  }
}
