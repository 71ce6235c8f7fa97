package dev.statecraft.lab.environment.local.launch;

/** The applications of the cluster; the lab knows no more of them than the file to start and the HTTP they speak. */
public enum App {
  STATEFUL("stateful-service"), STATELESS("stateless-service"), REACTIVE("reactive-service"), GATEWAY("gateway");

  private final String module;

  App(String module) {
    this.module = module;
  }

  /** The Maven module, which also names the jar. */
  public String module() {
    return module;
  }
}
