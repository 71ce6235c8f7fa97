package dev.statecraft.reactive;

import dev.statecraft.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.reactive", "dev.statecraft.service..", "dev.statecraft.signing..");
  }

  @Test
  void takesTimeFromAClock() {
    assertTimeIsInjected();
  }
}
