// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { toDate } from "./format.js";

const LOG_LINES = 300;
/** Of one curve; beyond it every second point is dropped, more than a screen can show remain. */
const POINTS = 6000;
const TERMINAL = new Set(["COMPLETED", "FAILED", "STOPPED", "ABANDONED"]);

/** What is known of one job from its events so far; continuous across its executions. */
export function newJobState() {
  return {
    status: "",
    exitStatus: "",
    reason: "",
    executionId: null,
    startedAt: null,
    lastAt: null,
    workedAt: null,
    steps: new Map(),
    series: new Map(),
    checkpoints: [],
    gaps: [],
    awaySeconds: 0,
    log: [],
    version: 0,
  };
}

/** Applies one event to the state, in place. Times are seconds since the epoch. */
export function fold(job, event) {
  const at = (toDate(event.time)?.getTime() ?? Date.now()) / 1000;
  job.startedAt ??= at;
  noticeGap(job, event, at);
  FOLDS[event.type]?.(job, event, at);
  job.executionId = event.executionId ?? job.executionId;
  job.lastAt = Math.max(job.lastAt ?? at, at);
  job.version++;
}

/**
 * A new execution after earlier work, or word that the former one's process died: the time between is a gap in every
 * curve. (A step's own recovery event only says where it goes on, also after a stop.)
 */
function noticeGap(job, event, at) {
  const recovered = event.type === "recovery" && event.recovery !== undefined;
  const renewed = event.executionId && job.executionId && event.executionId !== job.executionId;
  if (!recovered && !renewed) return;
  const open = job.gaps.at(-1);
  if (open && !open.resumed) {
    open.to = at;
    open.reason = recovered ? "killed" : open.reason;
    return;
  }
  if (job.workedAt === null) return;
  const reason = !recovered && TERMINAL.has(job.status) ? job.status.toLowerCase() : "killed";
  job.gaps.push({ from: job.workedAt, to: at, reason, resumed: false });
}

const FOLDS = {
  job(job, event) {
    job.status = event.batchStatus ?? event.status ?? job.status;
    job.exitStatus = event.exitStatus ?? job.exitStatus;
    job.reason = event.reason ?? (job.status === "FAILED" ? job.reason : "");
  },
  step(job, event, at) {
    const step = stepOf(job, event.step);
    step.status = event.batchStatus ?? event.status ?? step.status;
    step.startedAt ??= at;
    step.endedAt = TERMINAL.has(step.status) ? at : null;
  },
  partition(job, event, at) {
    const partition = partitionOf(job, event);
    partition.status = event.batchStatus ?? event.status ?? partition.status;
    partition.rate = TERMINAL.has(partition.status) ? 0 : partition.rate;
    partition.at = at;
  },
  progress(job, event, at) {
    markResumed(job, at);
    const partition = partitionOf(job, event);
    partition.done = event.done;
    partition.total = event.total;
    partition.unit = event.unit ?? partition.unit;
    partition.rate = event.ratePerSecond ?? event.rate ?? 0;
    partition.at = at;
    const { started, rate, done } = totals(stepOf(job, event.step));
    // A sum in which a partition is still missing would be a dip that never was.
    if (started) addPoint(job, `${event.step} rate`, { time: at, x: done, value: rate, unit: partition.unit });
  },
  metric(job, event, at) {
    markResumed(job, at);
    addPoint(job, event.name, { time: at, x: event.x, value: event.value });
  },
  checkpoint(job, event, at) {
    job.checkpoints.push({ time: at, x: event.iteration ?? event.x ?? event.done, seconds: event.seconds, bytes: event.bytes });
  },
  recovery(job, event) {
    if (event.resumedAt !== undefined) {
      const again = event.redone ? `, ${event.redone} ${event.unit} run again` : "";
      addLine(job, event, `went on after ${event.resumedAt} ${event.unit ?? ""}${again}`);
      return;
    }
    // Nothing else tells that an execution left behind will not go on by itself.
    job.status = { restart: job.status, stopped: "STOPPED" }[event.recovery] ?? "FAILED";
    if (job.status === "FAILED") job.reason = event.reason ?? job.reason;
    addLine(job, event, event.reason ? `recovered: ${event.reason}` : "recovered after the server was lost");
  },
  log(job, event) {
    addLine(job, event, event.line ?? event.message);
  },
};

function stepOf(job, name) {
  let step = job.steps.get(name);
  if (!step) {
    step = { name, status: "STARTED", startedAt: null, endedAt: null, partitions: new Map() };
    job.steps.set(name, step);
  }
  return step;
}

function partitionOf(job, event) {
  const { partitions } = stepOf(job, event.step);
  const number = event.partition ?? -1;
  let partition = partitions.get(number);
  if (!partition) {
    partition = { number, status: "STARTED", done: 0, total: 0, unit: "", rate: 0, at: 0 };
    partitions.set(number, partition);
  }
  return partition;
}

function addPoint(job, name, point) {
  let points = job.series.get(name);
  if (!points) job.series.set(name, (points = []));
  if (!Number.isFinite(point.value)) return;
  points.push(point);
  if (points.length > POINTS) job.series.set(name, points.filter((_, i) => i % 2 === 1));
}

function addLine(job, event, line) {
  if (!line) return;
  job.log.push({ time: event.time, text: line, step: event.step });
  if (job.log.length > LOG_LINES) job.log.shift();
}

/** The first sign of work after a gap: the gap ends here. */
function markResumed(job, at) {
  job.workedAt = at;
  const gap = job.gaps.at(-1);
  if (gap && !gap.resumed) {
    gap.resumed = true;
    gap.to = at;
  }
}

/**
 * A step as the sum of its partitions; time left, in seconds, is that of its slowest one. The ranks of a gang all
 * go through the same iterations: there the step is as far as its last rank.
 */
export function totals(step) {
  const partitions = [...step.partitions.values()];
  const unit = partitions.find((p) => p.unit)?.unit ?? "";
  const gang = unit.startsWith("iteration");
  const of = (field, pick) => {
    const values = partitions.map((p) => p[field]);
    return gang && values.length ? pick(...values) : values.reduce((sum, value) => sum + value, 0);
  };
  return {
    unit,
    done: of("done", Math.min),
    total: of("total", Math.max),
    rate: of("rate", Math.min),
    left: Math.max(0, ...partitions.filter((p) => p.rate > 0).map((p) => (p.total - p.done) / p.rate)),
    started: partitions.every((p) => p.total > 0 && (p.rate > 0 || p.done >= p.total)),
  };
}
