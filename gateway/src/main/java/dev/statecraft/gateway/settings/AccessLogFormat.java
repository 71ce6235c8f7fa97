package dev.statecraft.gateway.settings;

/** The form of the access log's lines. */
public enum AccessLogFormat {
  /** No access log. */
  OFF,
  /** The combined format of Apache and nginx. */
  COMBINED,
  /** A JSON object. */
  JSON
}
