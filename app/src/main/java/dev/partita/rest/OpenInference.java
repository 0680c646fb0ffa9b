// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A resource that needs no sign-in where {@code partita.inference.anonymous} says so. */
@Retention(RetentionPolicy.RUNTIME)
@Target({TYPE, METHOD})
public @interface OpenInference {}
