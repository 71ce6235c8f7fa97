package dev.statecraft.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.statecraft.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.lab");
  }

  @Test
  void onlyTheCommandLineUsesPicocli() {
    noClasses().that().resideOutsideOfPackage("dev.statecraft.lab.cli..").should()
        .dependOnClassesThat().resideInAPackage("picocli..").check(module);
  }

  @Test
  void loadKnowsNoReport() {
    noClasses().that().resideInAPackage("dev.statecraft.lab.load..").should().dependOnClassesThat()
        .resideInAnyPackage("dev.statecraft.lab.report..", "dev.statecraft.lab.experiment..").check(module);
  }
}
