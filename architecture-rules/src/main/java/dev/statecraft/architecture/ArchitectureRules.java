package dev.statecraft.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What holds in every module. A module's test extends this class, names the module's root package and the packages of
 * other modules that it may use, and can add rules of its own. The rules look at the module's own compiled classes and
 * need no other module to be built beside it. One instance serves all methods, because importing the classes takes
 * longer than checking the rules.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ArchitectureRules {
  /** The most top-level types in one package. */
  protected static final int MAX_TYPES = 25;

  private static final String PROJECT = "dev.statecraft..";
  /** Maven names the directory, because each test lane compiles into its own; an IDE uses the usual one. */
  private static final Path CLASSES = Path.of(System.getProperty("statecraft.classes", "target/classes"));

  /** The compiled main classes of the module under test. */
  protected final JavaClasses module = new ClassFileImporter().importPath(CLASSES);

  private final String rootPackage;
  private final String[] allowed;

  /**
   * Makes the rules of one module.
   *
   * @param rootPackage of the module, such as {@code dev.statecraft.gateway}
   * @param usedModules patterns of the packages of other modules that this one may use, such as
   * {@code dev.statecraft.signing..}
   */
  protected ArchitectureRules(String rootPackage, String... usedModules) {
    this.rootPackage = rootPackage;
    this.allowed = Arrays.copyOf(usedModules, usedModules.length + 1);
    this.allowed[usedModules.length] = rootPackage + "..";
  }

  @Test
  void usesOnlyTheModulesThatItMayKnow() {
    DescribedPredicate<JavaClass> ofProject = resideInAPackage(PROJECT);
    assertThat(module).as("classes in " + CLASSES.toAbsolutePath()).isNotEmpty();
    noClasses().that(ofProject).should()
        .dependOnClassesThat(ofProject.and(DescribedPredicate.not(resideInAnyPackage(allowed)))).check(module);
  }

  @Test
  void packagesFormNoCycle() {
    slices().assignedFrom(new PackageSlices(rootPackage)).should().beFreeOfCycles().check(module);
  }

  @Test
  void packagesAreSmallAndNullMarked() {
    Map<String, List<JavaClass>> byPackage = module.stream().collect(Collectors.groupingBy(JavaClass::getPackageName));
    assertThat(byPackage).allSatisfy((name, types) -> {
      assertThat(types).as(name + " has a package-info that is @NullMarked")
          .anyMatch(type -> type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class));
      assertThat(types.stream().filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info")))
          .as(name + " has at most " + MAX_TYPES + " types").hasSizeLessThanOrEqualTo(MAX_TYPES);
    });
  }

  @Test
  void namesSayWhatATypeIs() {
    noClasses().should().haveNameMatching(".*(Impl|Utils?|Manager|Helper)").check(module);
  }

  @Test
  void loggersAreNamedLog() {
    assertThat(module).flatExtracting(JavaClass::getFields)
        .filteredOn(field -> field.getRawType().getName().equals("org.slf4j.Logger"))
        .allMatch(field -> field.getName().equals("log"));
  }

  /** Fails where a class reads the time of the machine instead of a clock that it was given. */
  protected final void assertTimeIsInjected() {
    noClasses().should()
        .callMethodWhere(describe("reads the wall clock", call -> call.getTargetOwner().isEquivalentTo(System.class)
            && call.getTarget().getName().equals("currentTimeMillis")))
        .check(module);
  }

  private record PackageSlices(String rootPackage) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith(rootPackage)
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages of " + rootPackage;
    }
  }
}
