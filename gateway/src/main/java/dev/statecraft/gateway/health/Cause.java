package dev.statecraft.gateway.health;

import java.util.Locale;

/** Why a node went out. */
public enum Cause {
  /** Nobody listens at its address: the connection was refused, or the name server knows no such host. */
  REFUSED,
  /** No connection came about: no answer to the attempt, or no route. It may be dead, or too busy to accept. */
  UNREACHABLE,
  /** It closed the connection instead of answering. */
  BROKEN,
  /** It took the request and did not answer in time. */
  TIME_OUT,
  /** It answered 5xx, again and again. */
  ERRORS,
  /** Its readiness says no. */
  NOT_READY;

  /** Returns the name as metrics carry it, for example {@code time-out}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
