// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The arrows between the rooms of app/, and who may know which outside world. A new rule is one
 * line here.
 */
@AnalyzeClasses(packages = "dev.partita", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
  /** From the doors down; rooms of one line may know each other unless they are doors. */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("rest", "jobs", "ops"),
          List.of("train", "tune", "serve", "data"),
          List.of("task", "checkpoint"),
          List.of("cluster"),
          List.of("batch"),
          List.of("isolation"),
          List.of("objectstore", "tensor"),
          List.of("config"),
          List.of("scheduling"),
          List.of("error"),
          List.of("h2"));

  private static final Map<String, Integer> FLOOR_OF =
      IntStream.range(0, FLOORS.size())
          .boxed()
          .flatMap(floor -> FLOORS.get(floor).stream().map(room -> Map.entry(room, floor)))
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

  @ArchTest
  static final ArchRule everyClassIsInARoom =
      classes()
          .that()
          .resideInAPackage("dev.partita..")
          .and()
          .resideOutsideOfPackage("dev.partita.nativecore..")
          .should(beInARoom());

  @ArchTest
  static final ArchRule arrowsPointDown =
      classes().that().resideInAPackage("dev.partita..").should(knowOnlyLowerRooms());

  @ArchTest
  static final ArchRule doorsDoNotKnowEachOther =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("rest")
          .definedBy("dev.partita.rest..")
          .layer("jobs")
          .definedBy("dev.partita.jobs..")
          .layer("ops")
          .definedBy("dev.partita.ops..")
          .whereLayer("rest")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("jobs")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("ops")
          .mayNotBeAccessedByAnyLayer();

  /** It is not in the WAR, so nobody could call it. */
  @ArchTest
  static final ArchRule nobodyKnowsTheEmbeddedDatabase =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.partita.h2..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.partita.h2..");

  @ArchTest
  static final ArchRule onlyBatchKnowsJBeret = onlyIn("org.jberet..", "dev.partita.batch..");

  @ArchTest
  static final ArchRule onlyTensorAndObjectstoreKnowJavaCpp =
      onlyIn(
          "org.bytedeco..",
          "dev.partita.tensor..",
          "dev.partita.objectstore..",
          "dev.partita.nativecore..");

  @ArchTest
  static final ArchRule onlyClusterKnowsGrpc = onlyIn("io.grpc..", "dev.partita.cluster..");

  @ArchTest
  static final ArchRule onlyRestAndOpsKnowHttp =
      onlyIn("jakarta.ws.rs..", "dev.partita.rest..", "dev.partita.ops..");

  @ArchTest
  static final ArchRule onlyJobsAndBatchKnowJakartaBatch =
      onlyIn("jakarta.batch..", "dev.partita.jobs..", "dev.partita.batch..");

  @ArchTest
  static final ArchRule sqlStaysBehindRepositories =
      noClasses()
          .that()
          .resideInAPackage("dev.partita..")
          .and()
          .resideOutsideOfPackage("dev.partita.h2..")
          .and()
          .haveNameNotMatching(".*(Repository|Database|DataSources?)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.sql\\.(Connection|Statement|PreparedStatement|ResultSet|DriverManager)")
          .because("SQL lives in *Repository classes");

  @ArchTest
  static final ArchRule noServiceFacadeHop =
      noClasses()
          .that()
          .resideInAPackage("dev.partita..")
          .should()
          .haveNameMatching(
              ".*\\.(Abstract\\w+|\\w+(Manager|Helper|Util|Utils|Impl|Facade|DTO|Dto))")
          .because("names are the field's terms");

  @ArchTest
  static final ArchRule noJavaDeserialization =
      noClasses()
          .that()
          .resideInAPackage("dev.partita..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream");

  private static ArchRule onlyIn(String outside, String... rooms) {
    return noClasses()
        .that()
        .resideInAPackage("dev.partita..")
        .and()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(outside);
  }

  private static String roomOf(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith("dev.partita.")) {
      return "";
    }
    String rest = name.substring("dev.partita.".length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static ArchCondition<JavaClass> beInARoom() {
    return new ArchCondition<>("be in one of the rooms " + FLOOR_OF.keySet()) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!FLOOR_OF.containsKey(roomOf(type))) {
          events.add(SimpleConditionEvent.violated(type, type.getName() + " is in no known room"));
        }
      }
    };
  }

  private static ArchCondition<JavaClass> knowOnlyLowerRooms() {
    return new ArchCondition<>("know only rooms of their own or a lower floor") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        int own = FLOOR_OF.getOrDefault(roomOf(type), FLOORS.size());
        type.getDirectDependenciesFromSelf().stream()
            .filter(d -> FLOOR_OF.getOrDefault(roomOf(d.getTargetClass()), FLOORS.size()) < own)
            .forEach(d -> events.add(SimpleConditionEvent.violated(type, d.getDescription())));
      }
    };
  }
}
