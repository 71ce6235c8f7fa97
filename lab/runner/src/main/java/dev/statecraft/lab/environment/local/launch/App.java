package dev.statecraft.lab.environment.local.launch;

/** The applications of a cluster. */
public enum App {
  STATEFUL("stateful-service"), STATELESS("stateless-service"), REACTIVE("reactive-service"), GATEWAY("gateway");

  private final String module;

  App(String module) {
    this.module = module;
  }

  /** The Maven module, which is also the name of the jar. */
  public String module() {
    return module;
  }
}
