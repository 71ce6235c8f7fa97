package dev.statecraft.session;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import dev.statecraft.architecture.ArchitectureRules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureRules {
  ArchitectureTest() {
    super("dev.statecraft.session", "dev.statecraft.signing..");
  }

  private static final String PREFIX = "dev.statecraft.session.";
  /** Packages that are no strategy: what strategies use, and what uses them through the root package only. */
  private static final List<String> USED = List.of("adapter", "attribute", "redisclient", "http");
  private static final List<String> USING = List.of("web", "reactive");

  @Test
  void strategiesDoNotKnowEachOther() {
    slices()
        .matching(PREFIX + "(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(DescribedPredicate.alwaysTrue(), resideInAnyPackage(packages(USED)))
        .check(module);
  }

  @Test
  void rootPackageKnowsNoStrategy() {
    noClasses()
        .that()
        .resideInAPackage("dev.statecraft.session")
        .should()
        .dependOnClassesThat(resideInAPackage(PREFIX + "*..").and(not(resideInAPackage(PREFIX + "attribute"))))
        .check(module);
  }

  @Test
  void supportingPackagesKnowNoStrategy() {
    List<String> allowed = new ArrayList<>(USED);
    allowed.addAll(USING);
    noClasses()
        .that()
        .resideInAnyPackage(packages(allowed))
        .should()
        .dependOnClassesThat(resideInAPackage(PREFIX + "*..").and(not(resideInAnyPackage(packages(allowed)))))
        .check(module);
  }

  private static String[] packages(List<String> names) {
    return names.stream().map(name -> PREFIX + name).toArray(String[]::new);
  }

  @Test
  void timeIsInjected() {
    assertTimeIsInjected();
  }
}
