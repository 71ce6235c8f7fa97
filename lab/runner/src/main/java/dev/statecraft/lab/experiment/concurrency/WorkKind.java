package dev.statecraft.lab.experiment.concurrency;

/** The work that each request does. */
public enum WorkKind {
  CPU("cpu", "/work?cpu=1", "/work?cpu=1"), //
  WAIT("wait", "/work?wait=100", "/work?wait=10"), //
  MIX("mix", "/work?cpu=1&wait=100", "/work?cpu=1&wait=10");

  private final String label;
  private final String path;
  private final String warmUpPath;

  WorkKind(String label, String path, String warmUpPath) {
    this.label = label;
    this.path = path;
    this.warmUpPath = warmUpPath;
  }

  /** The name in options and reports. */
  public String label() {
    return label;
  }

  String path() {
    return path;
  }

  /** A variant with a tenth of the waiting time, so that few clients make many requests. */
  String warmUpPath() {
    return warmUpPath;
  }
}
