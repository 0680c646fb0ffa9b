// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.ops;

import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;

/** The description of every route, made from the code at build time. */
@Path("/openapi")
@RolesAllowed({"batchAdmin", "batchMonitor", "batchSubmitter"})
@ApplicationScoped
public class OpenApiResource {
  private static final String DOCUMENT = "/META-INF/openapi.json";

  @GET
  @Produces("application/json")
  public byte[] document() throws IOException {
    try (InputStream in = OpenApiResource.class.getResourceAsStream(DOCUMENT)) {
      if (in == null) {
        throw new NotFoundException("the build made no " + DOCUMENT);
      }
      return in.readAllBytes();
    }
  }
}
