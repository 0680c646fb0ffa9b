// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Every job XML of the catalogue follows the schema, names only beans that exist, and is short. */
class JobCatalogueTest {
  private static final Path CATALOGUE = Path.of("..", "batch-jobs");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.partita");
  private static Schema schema;

  @BeforeAll
  static void readSchema() throws Exception {
    URL xsd = JobCatalogueTest.class.getResource("/xsd/jobXML_2_0.xsd");
    schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(xsd);
  }

  static Stream<Path> jobs() throws IOException {
    try (Stream<Path> files = Files.list(CATALOGUE)) {
      return files.filter(path -> path.toString().endsWith(".xml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void followsTheSchema(Path job) throws Exception {
    try (InputStream in = Files.newInputStream(job)) {
      schema.newValidator().validate(new StreamSource(in));
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void namesOnlyBeansThatExist(Path job) throws Exception {
    Set<String> refs = new TreeSet<>();
    NodeList elements =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(job.toFile())
            .getElementsByTagName("*");
    for (int i = 0; i < elements.getLength(); i++) {
      String ref = ((Element) elements.item(i)).getAttribute("ref");
      if (!ref.isEmpty()) {
        refs.add(ref);
      }
    }
    assertThat(refs).isSubsetOf(beanNames());
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void canBeReadInOneSitting(Path job) throws IOException {
    assertThat(Files.readAllLines(job)).hasSizeLessThanOrEqualTo(60);
  }

  private static Set<String> beanNames() {
    return CLASSES.stream()
        .filter(type -> type.isAnnotatedWith(Named.class))
        .map(JobCatalogueTest::beanName)
        .collect(Collectors.toSet());
  }

  private static String beanName(JavaClass type) {
    String given = type.getAnnotationOfType(Named.class).value();
    String simple = type.getSimpleName();
    return given.isEmpty() ? Character.toLowerCase(simple.charAt(0)) + simple.substring(1) : given;
  }
}
