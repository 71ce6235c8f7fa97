package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import java.util.Map;

/**
 * What does not depend on the measurement: where the state lives, and for whom that is right.
 *
 * @param hue the name of its colour in {@code report.css}
 * @param place where the state lives, as the end of "State lives ..."
 */
record StrategyProfile(String hue, String place, String chooseWhen, String notWhen) {
  private static final StrategyProfile OTHER = new StrategyProfile("other", "", "", "");
  private static final Map<SessionStrategy, StrategyProfile> PROFILES = Map.of(SessionStrategy.AFFINITY,
      new StrategyProfile(SessionStrategy.AFFINITY.id(), "in the memory of the one node that opened the session",
          "Losing a session costs its user one login and nothing else, and you want nothing to run beside the service:"
              + " no store, no quorum, no hop between the request and its state.",
          "Deploys and crashes must go unnoticed. Each node that stops takes its sessions along, and a busy node"
              + " cannot hand its users to an idle one."),
      SessionStrategy.REDIS,
      new StrategyProfile(SessionStrategy.REDIS.id(), "in a Redis server that every node shares",
          "You run Redis already, with persistence and failover that you trust; or other services must read the"
              + " sessions; or nodes come and go so often that none should own anything.",
          "It would be there for the sessions alone. It is one more thing to run and to secure, every request pays a"
              + " network hop to it, and while it is away no session works."),
      SessionStrategy.REPLICATED, new StrategyProfile(
          SessionStrategy.REPLICATED.id(),
          "on every node, in one order that a Raft group of the nodes agrees on",
          "What was acknowledged must survive the loss of a node, reads should come from memory, and you want no store"
              + " to run beside the service.",
          "Sessions are large or written at each request: a write goes to a majority before it is acknowledged, and"
              + " each node holds every session. Nor where nodes come and go by the minute."),
      SessionStrategy.COOKIE, new StrategyProfile(
          SessionStrategy.COOKIE.id(),
          "in the user's own browser, sealed so that only the service can read it",
          "State is small, and any node, even one that has just started in another region, must serve any user with"
              + " no store at all.",
          "A session must end at once when you say so, several tabs of one user write at the same time, or the state"
              + " may outgrow a cookie."));

  static StrategyProfile of(String strategy) {
    return SessionStrategy.named(strategy).map(PROFILES::get).orElse(OTHER);
  }

  /** Whether there is anything to say: a strategy that this version does not know has no profile. */
  boolean known() {
    return !place.isEmpty();
  }
}
