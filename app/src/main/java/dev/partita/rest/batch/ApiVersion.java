// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes {@code /v1} … {@code /v4} out of the path before a resource is looked for. Without it a
 * caller gets the newest.
 */
@Provider
@PreMatching
public class ApiVersion implements ContainerRequestFilter {
  /**
   * Request property, and so an attribute of the servlet request: an Integer from 1 to {@link
   * #NEWEST}.
   */
  static final String PROPERTY = "dev.partita.batch-api-version";

  static final int NEWEST = 4;
  static final String ROOT = "ibm/api/batch/";
  private static final Pattern VERSIONED = Pattern.compile("/ibm/api/batch/v([1-4])(/.*)");

  @Override
  public void filter(ContainerRequestContext request) {
    URI uri = request.getUriInfo().getRequestUri();
    Matcher path = VERSIONED.matcher(uri.getRawPath());
    if (path.matches()) {
      request.setProperty(PROPERTY, Integer.valueOf(path.group(1)));
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      request.setRequestUri(uri.resolve("/ibm/api/batch" + path.group(2) + query));
    }
  }

  /** What links begin with; ends with a slash and keeps the version that was asked for. */
  static String root(HttpServletRequest request, UriInfo uri) {
    String version =
        request.getAttribute(PROPERTY) instanceof Integer given ? "v" + given + "/" : "";
    return uri.getBaseUri() + ROOT + version;
  }

  static int of(HttpServletRequest request) {
    return request.getAttribute(PROPERTY) instanceof Integer version ? version : NEWEST;
  }
}
