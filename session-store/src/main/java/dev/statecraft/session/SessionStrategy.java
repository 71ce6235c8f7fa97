package dev.statecraft.session;

import java.util.Locale;

/** Where session state lives: the values of {@code statecraft.session.strategy}. See {@link Guarantee}. */
public enum SessionStrategy {
  /** In the memory of one owner node, to which the gateway routes by session affinity. */
  AFFINITY,
  /** In a Redis server that all nodes share. */
  REDIS,
  /** On every node, replicated by Raft. */
  REPLICATED,
  /** In the client's cookie, encrypted. */
  COOKIE;

  /** The name in configuration, routes and reports: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
