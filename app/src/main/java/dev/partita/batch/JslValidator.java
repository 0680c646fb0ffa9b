// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.StepProperties;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Lets a job definition that came through a door pass only when it is harmless: no DTD, no
 * entities, bounded in size, depth and number of elements, valid by the schema of JSR-352, every
 * ref a bean of this application, every transition to a place of the job, no path out of the
 * storage root, no switch of the engine. Safe for any thread.
 */
public final class JslValidator {
  static final int MAX_BYTES = 256 * 1024;
  static final int MAX_DEPTH = 64;
  static final int MAX_ELEMENTS = 10_000;

  private static final XMLInputFactory READERS = readers();
  private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();

  private final Set<String> artifacts;
  private final StoragePaths paths;
  private final JslSchema schema = new JslSchema();

  /**
   * @param artifacts the names of the batch artifacts that a ref may name
   * @param storageRoot the only place that a {@code file:} value may point into
   */
  public JslValidator(Set<String> artifacts, URI storageRoot) {
    this.artifacts = Set.copyOf(artifacts);
    this.paths = new StoragePaths(storageRoot);
  }

  /**
   * Checks the text and returns the document written anew from what was understood.
   *
   * @throws PartitaException INVALID_JOB with line and reason
   */
  public String validate(String jsl) {
    int bytes = jsl.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw refused(1, "the definition has " + bytes + " bytes; at most " + MAX_BYTES + " pass");
    }
    JslTransitions transitions = new JslTransitions();
    String written = rewrite(jsl, transitions);
    schema.check(jsl);
    transitions.check();
    return written;
  }

  /**
   * Checks a value that reaches artifacts besides the definition, such as a job parameter.
   *
   * @throws PartitaException INVALID_JOB naming {@code what}
   */
  void checkValue(String what, String value) {
    String problem = paths.problemOf(value);
    if (problem != null) {
      throw new PartitaException(ErrorCode.INVALID_JOB, what + ": " + problem);
    }
  }

  private String rewrite(String jsl, JslTransitions transitions) {
    StringWriter out = new StringWriter(jsl.length());
    try {
      XMLStreamReader in = READERS.createXMLStreamReader(new StringReader(jsl));
      XMLStreamWriter writer = WRITERS.createXMLStreamWriter(out);
      int depth = 0;
      int elements = 0;
      while (in.hasNext()) {
        switch (in.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            if (++depth > MAX_DEPTH) {
              throw refused(in, "elements are nested deeper than " + MAX_DEPTH);
            }
            if (++elements > MAX_ELEMENTS) {
              throw refused(in, "there are more than " + MAX_ELEMENTS + " elements");
            }
            copyElement(in, writer, depth, transitions);
          }
          case XMLStreamConstants.END_ELEMENT -> {
            depth--;
            writer.writeEndElement();
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
              writer.writeCharacters(in.getText());
          case XMLStreamConstants.DTD -> throw refused(in, "a DOCTYPE is refused");
          case XMLStreamConstants.ENTITY_REFERENCE ->
              throw refused(in, "the entity reference " + in.getLocalName() + " is refused");
          default -> {
            // Comments and processing instructions mean nothing in a job definition.
          }
        }
      }
      writer.close();
    } catch (XMLStreamException e) {
      Location at = e.getLocation();
      throw refused(at == null ? 1 : at.getLineNumber(), firstLine(e));
    }
    return out.toString();
  }

  private void copyElement(
      XMLStreamReader in, XMLStreamWriter writer, int depth, JslTransitions transitions)
      throws XMLStreamException {
    writer.writeStartElement(in.getLocalName());
    if (depth == 1 && in.getNamespaceURI() != null) {
      writer.writeDefaultNamespace(in.getNamespaceURI());
    }
    for (int i = 0; i < in.getAttributeCount(); i++) {
      if (in.getAttributeNamespace(i) != null && !in.getAttributeNamespace(i).isEmpty()) {
        continue; // xsi:schemaLocation and the like: nothing reads them
      }
      String name = in.getAttributeLocalName(i);
      String value = in.getAttributeValue(i);
      checkAttribute(in, name, value);
      if (name.equals("name")) {
        checkStepProperty(in, value);
      }
      transitions.add(in.getLocation().getLineNumber(), in.getLocalName(), name, value);
      writer.writeAttribute(name, value);
    }
  }

  private void checkAttribute(XMLStreamReader in, String name, String value) {
    if (name.equals("ref") && !artifacts.contains(value)) {
      throw refused(
          in,
          "ref=\""
              + shown(value)
              + "\" names no batch artifact of this application (class names are not accepted)"
              + NearestName.hint(value, artifacts));
    }
    if (name.equals("name") && value.startsWith("jberet.")) {
      throw refused(in, "the property " + shown(value) + " is a switch of the engine");
    }
    String problem = paths.problemOf(value);
    if (problem != null) {
      throw refused(in, problem);
    }
  }

  /** A property partita.* is what a step asks of the scheduler. */
  private static void checkStepProperty(XMLStreamReader in, String name) {
    String value = in.getAttributeValue(null, "value");
    if (in.getLocalName().equals("property") && value != null) {
      try {
        StepProperties.check(name, value);
      } catch (PartitaException e) {
        throw refused(in, shown(String.valueOf(e.getMessage()), 400));
      }
    }
  }

  static String shown(String value) {
    return shown(value, 80);
  }

  /** The text on one line, cut. */
  static String shown(String value, int maxCharacters) {
    String line = value.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= maxCharacters ? line : line.substring(0, maxCharacters) + "…";
  }

  static PartitaException refused(int line, String reason) {
    return new PartitaException(ErrorCode.INVALID_JOB, "line " + line + ": " + reason);
  }

  private static PartitaException refused(XMLStreamReader in, String reason) {
    return refused(in.getLocation().getLineNumber(), reason);
  }

  private static String firstLine(XMLStreamException e) {
    String message = e.getMessage() == null ? "it is not XML" : e.getMessage();
    int text = message.indexOf("Message: ");
    String reason = text < 0 ? message : message.substring(text + "Message: ".length());
    return shown(reason.lines().findFirst().orElse("it is not XML"), 200);
  }

  private static XMLInputFactory readers() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setXMLResolver(JslValidator::refuseEntity);
    return factory;
  }

  private static Object refuseEntity(
      @Nullable String publicId, String systemId, String base, String namespace)
      throws XMLStreamException {
    throw new XMLStreamException("an external entity is refused: " + shown(systemId));
  }
}
