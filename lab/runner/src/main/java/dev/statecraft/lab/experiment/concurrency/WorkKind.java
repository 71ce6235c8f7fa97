package dev.statecraft.lab.experiment.concurrency;

/** What each request asks for. */
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

  /** As the user and the report say it. */
  public String label() {
    return label;
  }

  String path() {
    return path;
  }

  /** The same with a tenth of the waiting, so that few clients get through it often. */
  String warmUpPath() {
    return warmUpPath;
  }
}
