package dev.statecraft.session;

import java.util.Locale;

/** Where session state lives. Chosen by {@code statecraft.session.strategy}; {@link Guarantee} says what each keeps. */
public enum SessionStrategy {
  /** In the memory of one owner node, to which the gateway pins the session. */
  AFFINITY,
  /** In a Redis that every node shares. */
  REDIS,
  /** On every node, in one order that a Raft group of the nodes agrees on. */
  REPLICATED,
  /** In the client's own cookie, sealed. */
  COOKIE;

  /** The name by which configuration, routes and reports call it: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
