// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package org.example.line;

import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Its exit status says what the job is about to do. */
@Named
@Dependent
public class AnnounceLine extends AbstractBatchlet {
  @Inject private JobContext job;

  @Override
  public String process() {
    return "a line in " + job.getProperties().getProperty("iterations") + " iterations";
  }
}
