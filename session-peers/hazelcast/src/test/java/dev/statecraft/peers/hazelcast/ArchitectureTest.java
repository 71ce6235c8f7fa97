package dev.statecraft.peers.hazelcast;

import dev.statecraft.architecture.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.peers.hazelcast", "dev.statecraft.session", "dev.statecraft.session.adapter");
  }
}
