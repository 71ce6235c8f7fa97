package dev.statecraft.lab.strategy;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server process that all nodes of a strategy share. Strategies whose stores have one name share one process. */
public interface SharedStore {
  /** The name of the process, of its log, and in faults. */
  String name();

  /**
   * Returns the command that starts the server.
   *
   * @param endpoint where it listens
   * @param directory an empty directory, which is deleted with the cluster
   * @throws ClusterFailure if the server does not run on this machine
   */
  List<String> command(ProcessEndpoint endpoint, int port, Path directory) throws ClusterFailure, InterruptedException;

  /** The version of the server; empty if it does not tell. */
  default Optional<String> version() {
    return Optional.empty();
  }

  /** Whether the server serves clients; asked until it does. */
  boolean isReady(Node server);
}
