// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

const counts = new Intl.NumberFormat("en-US");
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

export const count = (n) => counts.format(Math.round(n));

/** A rate per second with three significant digits: 0.42, 7.1, 312, 18.4k. */
export function rate(perSecond) {
  if (!(perSecond > 0)) return "";
  if (perSecond >= 10000) return `${(perSecond / 1000).toPrecision(3)}k`;
  if (perSecond >= 100) return counts.format(Math.round(perSecond));
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}

/** A duration in seconds as a person says it: 0.4 s, 7 s, 2 min 5 s, 3 h 20 min. */
export function duration(seconds) {
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A point in time: the clock for today, the day before that. */
export function instant(value, now = new Date()) {
  const date = toDate(value);
  if (!date) return "";
  return date.toDateString() === now.toDateString() ? clock.format(date) : day.format(date);
}

/** The clock to the second, for lines of a log. */
export const moment = (value) => clockSeconds.format(toDate(value));

/** Accepts ISO texts, epoch milliseconds, and the batch API's "2026/11/01 08:00:00.123 +0000". */
export function toDate(value) {
  if (value === undefined || value === null || value === "") return null;
  let text = value;
  if (typeof value === "string") {
    text = value.replace(/^(\d{4})\/(\d\d)\/(\d\d) /, "$1-$2-$3T").replace(/ ([+-]\d\d)(\d\d)$/, "$1:$2");
  }
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A measured value, four significant digits; fractions keep three decimals. */
export function value(v) {
  if (!Number.isFinite(v)) return String(v);
  if (v !== 0 && Math.abs(v) < 0.001) return v.toExponential(2);
  return Math.abs(v) < 10 ? v.toFixed(3) : counts.format(Number(v.toPrecision(4)));
}

export const percent = (fraction) => `${(fraction * 100).toFixed(1)} %`;

/** The life-cycle words of the batch API in lower case: STARTED is "running" to a person. */
export function state(batchStatus) {
  const words = {
    STARTED: "running", STARTING: "starting", STOPPING: "stopping", STOPPED: "stopped", FAILED: "failed",
    COMPLETED: "completed", ABANDONED: "abandoned", SUBMITTED: "submitted", JOB_QUEUED: "queued", DISPATCHED: "starting",
  };
  return words[batchStatus] ?? String(batchStatus ?? "").toLowerCase();
}

export const isActive = (batchStatus) =>
  ["STARTED", "STARTING", "STOPPING", "SUBMITTED", "JOB_QUEUED", "JOB_CONSUMED", "DISPATCHED"].includes(batchStatus);
