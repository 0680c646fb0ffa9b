// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** What every list takes in its query: see {@link Listing}. */
public class ListQuery {
  @QueryParam("state")
  private @Nullable String state;

  @QueryParam("name")
  private @Nullable String name;

  @QueryParam("sort")
  private @Nullable String sort;

  @QueryParam("limit")
  @DefaultValue("100")
  private int limit;

  @QueryParam("after")
  private @Nullable String after;

  Listing.Query asked() {
    return new Listing.Query(state, name, sort, limit, after);
  }
}
