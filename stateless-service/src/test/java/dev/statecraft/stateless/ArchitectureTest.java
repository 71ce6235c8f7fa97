package dev.statecraft.stateless;

import dev.statecraft.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.stateless", "dev.statecraft.service..", "dev.statecraft.signing..");
  }

  @Test
  void takesTimeFromAClock() {
    assertTimeIsInjected();
  }
}
