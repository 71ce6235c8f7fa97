package dev.statecraft.benchmark;

import java.util.List;

/** A strategy with its settings. The first is what the others are compared with. */
enum Candidate {
  SPRING_REDIS("spring-redis", List.of("statecraft.session.strategy=spring-redis")),
  LAST_WRITE_WINS(
      "redis, last-write-wins",
      List.of("statecraft.session.strategy=redis", "statecraft.session.redis.writes=last-write-wins")),
  COMPARE_AND_SET(
      "redis, compare-and-set",
      List.of("statecraft.session.strategy=redis", "statecraft.session.redis.writes=compare-and-set"));

  final String label;
  final List<String> properties;

  Candidate(String label, List<String> properties) {
    this.label = label;
    this.properties = properties;
  }
}
