// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

/** The two ways to look at a curve: against seconds since the job began, or against the iteration. */
export const AXES = { time: "time", iteration: "iteration" };

const SMOOTHING = 0.06;

/**
 * A curve as columns for the chart: x rising, the value as measured, and its moving average; a null parts the
 * line at each gap. `gaps` are [from, to] pairs on the same x axis, with the values at both ends.
 */
export function columns(points, job, axis) {
  return axis === AXES.iteration ? byIteration(points, job) : byTime(points, job);
}

function byTime(points, job) {
  const xs = [];
  const raw = [];
  const gaps = [];
  let gapIndex = 0;
  let last = null;
  for (const point of points) {
    const gap = job.gaps[gapIndex];
    if (gap && point.time > gap.from) {
      if (last) {
        const middle = (last.time + point.time) / 2 - job.startedAt;
        gaps.push({ from: last.time - job.startedAt, to: point.time - job.startedAt, a: last.value, b: point.value, reason: gap.reason, seconds: gap.to - gap.from });
        xs.push(middle);
        raw.push(null);
      }
      while (job.gaps[gapIndex] && point.time > job.gaps[gapIndex].from) gapIndex++;
    }
    const x = point.time - job.startedAt;
    if (xs.length && x <= xs.at(-1)) xs.push(xs.at(-1) + 1e-4);
    else xs.push(x);
    raw.push(point.value);
    last = point;
  }
  return { xs, raw, smooth: smooth(raw), gaps, ticks: job.checkpoints.map((c) => c.time - job.startedAt) };
}

/** Iterations run again after a kill give the same values, so the later one stands for both. */
function byIteration(points, job) {
  const latest = new Map();
  const gaps = [];
  let gapIndex = 0;
  let last = null;
  for (const point of points) {
    const gap = job.gaps[gapIndex];
    if (gap && point.time > gap.from) {
      if (last) gaps.push({ from: Math.min(point.x, last.x), to: last.x, a: point.value, b: last.value, reason: gap.reason, seconds: gap.to - gap.from });
      while (job.gaps[gapIndex] && point.time > job.gaps[gapIndex].from) gapIndex++;
    }
    latest.set(point.x, point.value);
    last = point;
  }
  const xs = [...latest.keys()].sort((a, b) => a - b);
  const raw = xs.map((x) => latest.get(x));
  return { xs, raw, smooth: smooth(raw), gaps, ticks: job.checkpoints.map((c) => c.x) };
}

/** An exponential moving average whose start is not biased; passes over gaps, keeps them. */
function smooth(values) {
  if (values.length < 40) return values;
  let mean = 0;
  let weight = 0;
  return values.map((v) => {
    if (v === null) return null;
    mean += SMOOTHING * (v - mean);
    weight += SMOOTHING * (1 - weight);
    return mean / weight;
  });
}
