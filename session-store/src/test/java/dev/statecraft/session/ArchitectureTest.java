package dev.statecraft.session;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import dev.statecraft.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.session", "dev.statecraft.signing..");
  }

  @Test
  void strategiesDoNotKnowEachOther() {
    slices().matching("dev.statecraft.session.(*)..").should().notDependOnEachOther().check(module);
  }

  @Test
  void rootPackageKnowsNoStrategy() {
    noClasses()
        .that()
        .resideInAPackage("dev.statecraft.session")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.statecraft.session.*..")
        .check(module);
  }

  @Test
  void timeIsInjected() {
    assertTimeIsInjected();
  }
}
