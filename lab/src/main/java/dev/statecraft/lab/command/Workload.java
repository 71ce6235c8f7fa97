package dev.statecraft.lab.command;

/** What each request asks for. */
enum Workload {
  CPU("cpu", "/work?cpu=1"), WAIT("wait", "/work?wait=100"), MIX("mix", "/work?cpu=1&wait=100");

  private final String label;
  private final String path;

  Workload(String label, String path) {
    this.label = label;
    this.path = path;
  }

  /** As the user and the report say it. */
  String label() {
    return label;
  }

  String path() {
    return path;
  }
}
