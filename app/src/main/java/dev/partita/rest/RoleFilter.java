// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.Priority;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Lets a caller into a resource method only with one of the roles it names; a method that names
 * none, on itself or its class, lets nobody in.
 */
@Provider
@Priority(Priorities.AUTHORIZATION)
public class RoleFilter implements ContainerRequestFilter {
  @Context private ResourceInfo resource;

  @Override
  public void filter(ContainerRequestContext request) {
    Method method = resource.getResourceMethod();
    if (method == null || method.isAnnotationPresent(PermitAll.class)) {
      return; // the server's own answers (OPTIONS), and methods that look after themselves
    }
    RolesAllowed roles = method.getAnnotation(RolesAllowed.class);
    if (roles == null) {
      roles = resource.getResourceClass().getAnnotation(RolesAllowed.class);
    }
    boolean allowed =
        roles != null
            && Arrays.stream(roles.value()).anyMatch(request.getSecurityContext()::isUserInRole);
    if (!allowed) {
      throw new PartitaException(
          ErrorCode.FORBIDDEN,
          roles == null
              ? "this route is closed"
              : "this needs one of the roles " + String.join(", ", roles.value()));
    }
  }
}
