// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;

/** The schema of job definitions: jobXML_2_0.xsd of the batch API. */
final class JslSchema {
  private final Schema schema = load();

  /**
   * @throws PartitaException INVALID_JOB with the line of the first deviation
   */
  void check(String jsl) {
    try {
      SAXParserFactory parsers = SAXParserFactory.newDefaultNSInstance();
      parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      XMLReader reader = parsers.newSAXParser().getXMLReader();
      Validator validator = schema.newValidator();
      validator.setErrorHandler(new FirstProblem());
      validator.validate(new SAXSource(reader, new InputSource(new StringReader(jsl))));
    } catch (SAXParseException e) {
      throw JslValidator.refused(e.getLineNumber(), JslValidator.shown(reasonOf(e), 200));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new PartitaException(ErrorCode.INTERNAL, "The job schema cannot be applied", e);
    }
  }

  /** Xerces begins with a rule's name, which helps nobody: {@code cvc-…: text}. */
  private static String reasonOf(SAXParseException e) {
    String message = String.valueOf(e.getMessage());
    int colon = message.startsWith("cvc-") ? message.indexOf(": ") : -1;
    return colon < 0 ? message : message.substring(colon + 2);
  }

  private static Schema load() {
    URL xsd = JslSchema.class.getResource("/xsd/jobXML_2_0.xsd");
    if (xsd == null) {
      throw new PartitaException(ErrorCode.INTERNAL, "xsd/jobXML_2_0.xsd is not on the class path");
    }
    try {
      SchemaFactory factory = SchemaFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newSchema(new StreamSource(xsd.openStream(), "jobXML_2_0.xsd"));
    } catch (SAXException | IOException e) {
      throw new PartitaException(ErrorCode.INTERNAL, "The job schema cannot be read", e);
    }
  }

  private static final class FirstProblem implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) {}

    @Override
    public void error(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }
}
