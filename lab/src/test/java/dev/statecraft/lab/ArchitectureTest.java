package dev.statecraft.lab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the lines between the rooms of the house, over the compiled classes of every module: it runs in the last one,
 * so the others stand built beside it.
 */
class ArchitectureTest {
  private static final Map<String, String> ROOMS = Map.of("lab", "dev.statecraft.lab..");

  private static JavaClasses house;

  @BeforeAll
  static void importEveryRoom() {
    List<Path> folders = ROOMS.keySet().stream().map(room -> Path.of("..", room, "target", "classes")).toList();
    assertThat(folders).as("every module is built; run mvn verify at the root").allMatch(Files::isDirectory);
    house = new ClassFileImporter().importPaths(folders);
    ROOMS.forEach(
        (room, packages) -> assertThat(house.stream().filter(resideInAPackage(packages))).as(room).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lab"})
  void aRoomKnowsNoOtherRoom(String room) {
    noClasses().that().resideInAPackage(packages(room)).should().dependOnClassesThat(
        resideInAPackage("dev.statecraft..").and(not(resideInAPackage(packages(room))))).check(house);
  }

  @Test
  void judgingDependsOnTheHistoryAlone() {
    classes().that().resideInAPackage("dev.statecraft.lab.check..").should().onlyDependOnClassesThat(
        resideInAnyPackage("dev.statecraft.lab.check..", "dev.statecraft.lab.history..", "java..",
            "org.jspecify.annotations.."))
        .check(house);
  }

  @Test
  void packagesOfOneRoomFormNoCycle() {
    slices().matching("dev.statecraft.lab.(*)..").should().beFreeOfCycles().check(house);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses().that().resideInAPackage("dev.statecraft..").should()
        .haveNameMatching(".*(Impl|Utils?|Manager|Helper)").check(house);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes().that().resideInAPackage("dev.statecraft..").and().haveSimpleName("package-info").should()
        .beAnnotatedWith(NullMarked.class).check(house);
    Map<String, List<JavaClass>> byPackage = house.stream()
        .filter(resideInAPackage("dev.statecraft.."))
        .collect(Collectors.groupingBy(JavaClass::getPackageName));
    assertThat(byPackage).allSatisfy(
        (name, types) -> assertThat(types).as(name).anyMatch(type -> type.getSimpleName().equals("package-info")));
  }

  private static String packages(String room) {
    return java.util.Objects.requireNonNull(ROOMS.get(room));
  }
}
