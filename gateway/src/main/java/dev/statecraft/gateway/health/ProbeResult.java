package dev.statecraft.gateway.health;

/** The result of one readiness probe. */
public enum ProbeResult {
  /** The readiness endpoint answered 2xx. */
  READY,
  /** The readiness endpoint answered another status. */
  NOT_READY,
  /** No process listens at the address. */
  REFUSED,
  /** No connection, a broken connection, or no answer in time. */
  SILENT
}
