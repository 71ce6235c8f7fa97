package dev.statecraft.service;

import dev.statecraft.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.service", "dev.statecraft.signing..");
  }

  @Test
  void takesTimeFromAClock() {
    assertTimeIsInjected();
  }
}
