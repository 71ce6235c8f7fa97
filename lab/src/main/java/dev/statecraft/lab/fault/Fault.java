package dev.statecraft.lab.fault;

import java.util.List;
import java.util.Optional;

/** What the lab does to a cluster under load. A closed set: each kind that is added says how it ends. */
public sealed interface Fault {

  /** The name that {@code --faults} takes and the history records. */
  String id();

  /** A node's process is killed with SIGKILL and started again a few seconds later, on the same port and disk. */
  record Kill() implements Fault {
    @Override
    public String id() {
      return "kill";
    }
  }

  /** Every fault there is. */
  static List<Fault> all() {
    return List.of(new Kill());
  }

  /** The fault of that name, if there is one. */
  static Optional<Fault> named(String id) {
    return all().stream().filter(fault -> fault.id().equals(id)).findFirst();
  }
}
