package dev.statecraft.tracing;

import dev.statecraft.architecture.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.tracing");
  }
}
