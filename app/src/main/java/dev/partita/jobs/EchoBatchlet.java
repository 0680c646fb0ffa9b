// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The smallest artifact there is: its exit status is its property {@code text}. */
@Named
@Dependent
public class EchoBatchlet extends AbstractBatchlet {
  private final String text;

  @Inject
  public EchoBatchlet(@BatchProperty(name = "text") String text) {
    this.text = text;
  }

  @Override
  public String process() {
    return text;
  }
}
