package dev.statecraft.gateway;

import dev.statecraft.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.gateway", "dev.statecraft.signing..");
  }

  @Test
  void takesTimeFromAnInjectedClock() {
    assertTimeIsInjected();
  }
}
