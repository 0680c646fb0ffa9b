// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.xml.stream.XMLStreamException;
import org.jberet.job.model.Job;
import org.jberet.job.model.JobParser;
import org.jberet.spi.JobXmlResolver;
import org.jberet.tools.MetaInfBatchJobsJobXmlResolver;
import org.jspecify.annotations.Nullable;

/** Turns job XML into JBeret's model, and finds packaged job XML by name. */
final class JobDefinitions {
  static final JobXmlResolver RESOLVER = new MetaInfBatchJobsJobXmlResolver();

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}");

  private static final String FOLDER = JobXmlResolver.DEFAULT_PATH;

  private final ClassLoader loader;

  JobDefinitions(ClassLoader loader) {
    this.loader = loader;
  }

  /** The text of a packaged job. */
  String packaged(String name) {
    if (!NAME.matcher(name).matches()) {
      throw invalid("'" + name + "' is no name of a packaged job", null);
    }
    try (InputStream in = RESOLVER.resolveJobXml(name + ".xml", loader)) {
      if (in == null) {
        throw invalid(
            "There is no packaged job '" + name + "'; there are: " + String.join(", ", names()),
            null);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw invalid("The packaged job '" + name + "' cannot be read", e);
    }
  }

  /** The names of the packaged jobs, of ours and of users' jars, without {@code .xml}, sorted. */
  List<String> names() {
    Set<String> names = new TreeSet<>();
    try {
      for (URL folder : Collections.list(loader.getResources(FOLDER))) {
        String place = folder.toString();
        int inside = place.indexOf("!/");
        if (inside > 0) {
          // jar:file:… or, from Liberty, wsjar:file:…
          try (JarFile jar = new JarFile(fileOf(place.substring(place.indexOf("file:"), inside)))) {
            jar.stream().map(ZipEntry::getName).forEach(name -> add(names, name));
          }
        } else if (folder.getProtocol().equals("file")) {
          try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            files.forEach(file -> add(names, FOLDER + file.getFileName()));
          }
        }
      }
    } catch (IOException | URISyntaxException e) {
      throw new PartitaException(ErrorCode.INTERNAL, "The packaged jobs cannot be listed", e);
    }
    return List.copyOf(names);
  }

  private static File fileOf(String uri) throws URISyntaxException {
    return Path.of(new URI(uri)).toFile();
  }

  private static void add(Set<String> names, String path) {
    if (path.startsWith(FOLDER) && path.endsWith(".xml")) {
      names.add(path.substring(FOLDER.length(), path.length() - ".xml".length()));
    }
  }

  Job parse(String jsl) {
    try {
      Job job =
          JobParser.parseJob(
              new ByteArrayInputStream(jsl.getBytes(StandardCharsets.UTF_8)),
              loader,
              (publicId, systemId, base, namespace) -> {
                throw new XMLStreamException("An external entity is refused: " + systemId);
              });
      if (job == null) {
        throw invalid("The job definition has no <job>", null);
      }
      return job;
    } catch (XMLStreamException | RuntimeException e) {
      if (e instanceof PartitaException known) {
        throw known;
      }
      throw invalid("The job definition cannot be read: " + e.getMessage(), e);
    }
  }

  private static PartitaException invalid(String message, @Nullable Throwable cause) {
    return new PartitaException(ErrorCode.INVALID_JOB, message, cause);
  }
}
