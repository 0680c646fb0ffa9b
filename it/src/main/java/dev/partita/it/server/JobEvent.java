// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import jakarta.json.JsonObject;

/** One server-sent event of a job instance; {@code id} is what {@code Last-Event-ID} takes. */
public record JobEvent(String id, String type, JsonObject data) {}
