// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/** Everything the engine is made of, once it runs. */
record EngineParts(
    Database database,
    FencedJobRepository repository,
    JobRecordRepository records,
    HistoryRepository history,
    LibertyBatchEnvironment environment,
    JobDefinitions definitions,
    JslValidator validator,
    JobThreads threads,
    Admission admission,
    RunningJobs running,
    StateEvents events,
    ProgressMarks marks,
    Iterable<InstanceData> data) {

  Cluster cluster() {
    return environment.partitions().cluster();
  }
}
