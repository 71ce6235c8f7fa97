package com.example.notes;

import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.strategy.SharedStore;
import java.nio.file.Path;
import java.util.List;

/** The server in which the strategy keeps its sessions. */
final class NotesServer implements SharedStore {
  @Override
  public String name() {
    return "notes-server";
  }

  @Override
  public List<String> command(ProcessEndpoint endpoint, int port, Path directory) {
    return List.of("notesd", endpoint.hostAndPort(port), directory.toString());
  }

  @Override
  public boolean isReady(Node server) {
    return server.isAlive();
  }
}
