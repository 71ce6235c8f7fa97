package dev.statecraft.benchmark;

import dev.statecraft.architecture.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.benchmark");
  }
}
