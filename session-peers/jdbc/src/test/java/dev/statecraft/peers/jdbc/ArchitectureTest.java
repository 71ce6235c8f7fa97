package dev.statecraft.peers.jdbc;

import dev.statecraft.architecture.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.peers.jdbc", "dev.statecraft.session", "dev.statecraft.session.adapter");
  }
}
