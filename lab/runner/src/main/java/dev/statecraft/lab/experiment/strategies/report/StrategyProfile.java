package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import java.util.Map;

/** General properties of a strategy; {@code location} is the end of "State is stored ...". */
record StrategyProfile(String hue, String location, String chooseWhen, String notWhen) {
  private static final StrategyProfile OTHER = new StrategyProfile("other", "", "", "");
  private static final Map<SessionStrategy, StrategyProfile> PROFILES = Map.of(SessionStrategy.AFFINITY,
      new StrategyProfile(SessionStrategy.AFFINITY.id(), "in the memory of the node that created the session",
          "The loss of a session costs a user only a new login, and you do not want to operate a store or a quorum, or"
              + " to add a network hop between a request and its state.",
          "Users must not notice deployments and crashes: each node that stops loses its sessions. A busy node cannot"
              + " move its users to an idle one."),
      SessionStrategy.REDIS,
      new StrategyProfile(SessionStrategy.REDIS.id(), "in a Redis server that all nodes share",
          "You already operate Redis with reliable persistence and failover, other services must read the sessions, or"
              + " nodes are added and removed often.",
          "You would operate Redis only for sessions. It must be operated and secured, every request needs a network"
              + " hop to it, and no session works while it is down."),
      SessionStrategy.REPLICATED,
      new StrategyProfile(SessionStrategy.REPLICATED.id(), "on every node, replicated by a Raft group of the nodes",
          "Acknowledged writes must survive the loss of a node, reads should come from memory, and you do not want to"
              + " operate a store.",
          "Sessions are large or written by every request: a write needs a majority before it is acknowledged, and each"
              + " node stores every session. Also not if nodes are added and removed every few minutes."),
      SessionStrategy.COOKIE,
      new StrategyProfile(SessionStrategy.COOKIE.id(),
          "in the user's browser, encrypted so that only the service can read it",
          "State is small, and any node, even a new one in another region, must serve any user without a store.",
          "You must be able to revoke sessions at once, several tabs of a user write concurrently, or the state may"
              + " exceed the size of a cookie."));

  static StrategyProfile of(String strategy) {
    return SessionStrategy.named(strategy).map(PROFILES::get).orElse(OTHER);
  }

  /** Whether this version knows the strategy. */
  boolean known() {
    return !location.isEmpty();
  }
}
