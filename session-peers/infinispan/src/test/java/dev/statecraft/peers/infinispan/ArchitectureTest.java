package dev.statecraft.peers.infinispan;

import dev.statecraft.architecture.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.peers.infinispan", "dev.statecraft.session", "dev.statecraft.session.adapter");
  }
}
