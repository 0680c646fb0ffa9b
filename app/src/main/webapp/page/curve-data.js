// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

/** The two ways to look at a curve: against seconds since the job began, or against the iteration. */
export const AXES = { time: "time", iteration: "iteration" };

const SMOOTHING = 40;

/**
 * A curve as columns for the chart: x rising, the value as measured, and smoothed; a null parts the line at
 * each gap. A gap has its band [from, to] and the two points its bridge joins, [x, value] each, on the same axes.
 */
export function columns(points, job, axis) {
  return axis === AXES.iteration ? byIteration(points, job) : byTime(points, job);
}

function byTime(points, job) {
  const since = (time) => time - job.startedAt;
  const xs = [];
  const raw = [];
  const partings = [];
  visit(points, job.gaps, (point, last, gap) => {
    if (gap) {
      partings.push({ gap, index: xs.length });
      xs.push(since((last.time + point.time) / 2));
      raw.push(null);
    }
    const x = since(point.time);
    xs.push(xs.length && x <= xs.at(-1) ? xs.at(-1) + 1e-4 : x);
    raw.push(point.value);
  });
  const smoothed = smooth(raw);
  const ticks = job.checkpoints.map((c) => since(c.time));
  const gaps = partings.map(({ gap, index }) => ({
    ...told(gap),
    from: since(gap.from),
    to: since(gap.to),
    bridge: [index - 1, index + 1].map((i) => [xs[i], smoothed[i]]),
  }));
  if (job.awaySeconds > 0 && xs.length) {
    const from = since(job.lastAt);
    const to = from + job.awaySeconds;
    const here = [xs.at(-1), smoothed.at(-1)];
    gaps.push({ reason: "no answer", away: true, seconds: job.awaySeconds, from, to, bridge: [here, [to, here[1]]] });
    return { xs: [...xs, to], raw: [...raw, null], smooth: smoothed === raw ? [...raw, null] : [...smoothed, null], gaps, noisy: smoothed !== raw, ticks };
  }
  return { xs, raw, smooth: smoothed, gaps, noisy: smoothed !== raw, ticks };
}

/** Iterations run again after a kill give the same values, so the later one stands for both; the band shows them. */
function byIteration(points, job) {
  const latest = new Map();
  const gaps = [];
  visit(points, job.gaps, (point, last, gap) => {
    if (gap) gaps.push({ ...told(gap), from: Math.min(point.x, last.x), to: last.x, bridge: [[last.x, last.value], [point.x, point.value]] });
    latest.set(point.x, point.value);
  });
  const xs = [...latest.keys()].sort((a, b) => a - b);
  const raw = xs.map((x) => latest.get(x));
  const smoothed = smooth(raw);
  return { xs, raw, smooth: smoothed, gaps, noisy: smoothed !== raw, ticks: job.checkpoints.map((c) => c.x) };
}

const told = (gap) => ({ reason: gap.reason, seconds: gap.to - gap.from });

/** Every point with the one before it, and the gap between the two if there is one. */
function visit(points, gaps, see) {
  let next = 0;
  let last = null;
  for (const point of points) {
    let crossed = null;
    while (gaps[next] && point.time > gaps[next].from) crossed = gaps[next++];
    see(point, last, last && crossed);
    last = point;
  }
}

/**
 * The mean over a window centred on each point, a fortieth of the curve wide: it does not lag. Gaps part the
 * windows too. Short curves are shown as they are.
 */
function smooth(values) {
  const half = Math.floor(values.length / SMOOTHING / 2);
  if (half < 2) return values;
  const sums = [0];
  for (const v of values) sums.push(sums.at(-1) + (v ?? 0));
  const result = new Array(values.length).fill(null);
  let from = 0;
  while (from < values.length) {
    let to = values.indexOf(null, from);
    if (to < 0) to = values.length;
    for (let i = from; i < to; i++) {
      const reach = Math.min(half, i - from, to - 1 - i);
      result[i] = (sums[i + reach + 1] - sums[i - reach]) / (2 * reach + 1);
    }
    from = to + 1;
  }
  return result;
}
