package dev.statecraft.stateful;

import dev.statecraft.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    // The root package of the session store, but no strategy.
    super("dev.statecraft.stateful", "dev.statecraft.session", "dev.statecraft.service..", "dev.statecraft.signing..");
  }

  @Test
  void takesTimeFromAClock() {
    assertTimeIsInjected();
  }
}
