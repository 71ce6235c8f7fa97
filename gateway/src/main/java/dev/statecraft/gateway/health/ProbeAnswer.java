package dev.statecraft.gateway.health;

/** What one active probe found. */
public enum ProbeAnswer {
  /** Readiness answered 2xx. */
  READY,
  /** Readiness answered, but not 2xx. */
  NOT_READY,
  /** Nobody listens. */
  REFUSED,
  /** No connection or no answer in time, or a broken one. */
  SILENT
}
