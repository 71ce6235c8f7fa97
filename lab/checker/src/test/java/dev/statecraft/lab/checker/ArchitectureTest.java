package dev.statecraft.lab.checker;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.statecraft.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.lab");
  }

  @Test
  void checkerUsesOnlyHistories() {
    noClasses().that().resideInAPackage("dev.statecraft.lab.checker..").should().dependOnClassesThat(
        resideOutsideOfPackages(
            "dev.statecraft.lab.checker..", "dev.statecraft.lab.history..", "java..", "org.jspecify.annotations..",
            "com.google.errorprone.annotations.."))
        .check(module);
  }

  @Test
  void timeIsInjected() {
    assertTimeIsInjected();
  }
}
