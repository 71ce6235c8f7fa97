package dev.statecraft.peers.springredis;

import dev.statecraft.architecture.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.peers.springredis", "dev.statecraft.session", "dev.statecraft.session.adapter");
  }
}
