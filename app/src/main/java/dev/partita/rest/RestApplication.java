// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Every resource of the WAR, at the root; the page's files are served by {@link DoorFilter}. */
@ApplicationPath("/")
public class RestApplication extends Application {}
