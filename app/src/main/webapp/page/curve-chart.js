// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import uPlot from "./vendor/uplot.js";
import { AXES, columns } from "./curve-data.js";
import { el, setText } from "./dom.js";
import * as format from "./format.js";

const HEIGHT = 168;

/** One curve with its heading: the newest value, checkpoints as ticks, kills as bridged gaps. */
export class CurveChart {
  constructor(name, title) {
    this.name = name;
    this.reading = el("output", { class: "reading" });
    this.where = el("span", { class: "where" });
    this.canvas = el("div", { class: "canvas", role: "img" });
    this.node = el("figure", { class: "curve", "data-curve": name },
      el("figcaption", {}, el("span", { class: "name" }, title), this.reading, this.where), this.canvas);
    this.title = title;
    this.plot = null;
    this.axis = null;
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.canvas);
  }

  update(points, job, axis) {
    this.points = points;
    this.job = job;
    this.data = columns(points, job, axis);
    if (!this.plot || this.axis !== axis) this.draw(axis);
    else this.plot.setData(this.columns());
    this.describe();
  }

  columns() {
    return [this.data.xs, this.data.raw, this.data.smooth];
  }

  /** Makes the chart anew: for another axis, or other colours. */
  draw(axis = this.axis) {
    if (!this.data) return;
    this.axis = axis;
    this.plot?.destroy();
    this.plot = new uPlot(options(this, axis), this.columns(), this.canvas);
  }

  fit() {
    const width = this.canvas.clientWidth;
    if (this.plot && width && width !== this.plot.width) this.plot.setSize({ width, height: HEIGHT });
  }

  describe() {
    const last = this.points.at(-1);
    if (!last) return;
    if (this.plot?.cursor.idx === null || this.plot?.cursor.idx === undefined) this.read(last.value, this.axis === AXES.iteration ? last.x : last.time - this.job.startedAt);
    this.node.dataset.points = this.points.length;
    this.node.dataset.gaps = this.data.gaps.length;
    const gaps = this.data.gaps.map((g) => gapLabel(g)).join("; ");
    this.canvas.setAttribute("aria-label",
      `${this.title}: ${format.value(last.value)} now, ${format.value(this.points[0].value)} at the start, ${this.points.length} points${gaps ? `; ${gaps}` : ""}`);
  }

  read(value, x) {
    setText(this.reading, value === null ? "" : format.value(value));
    setText(this.where, this.axis === AXES.iteration ? `at ${format.count(x)}` : `at ${format.duration(x)}`);
  }

  hover(plot) {
    const index = plot.cursor.idx;
    if (index === null || index === undefined) this.describe();
    else if (plot.data[1][index] !== null && plot.data[1][index] !== undefined) this.read(plot.data[1][index], plot.data[0][index]);
  }

  close() {
    this.resize.disconnect();
    this.plot?.destroy();
  }
}

const gapLabel = (gap) => `${gap.reason}, back after ${format.duration(gap.seconds)}`;

function options(chart, axis) {
  const css = getComputedStyle(document.documentElement);
  const color = (name) => css.getPropertyValue(name).trim();
  const font = `11px ${color("--sans")}`;
  const common = { font, stroke: color("--quiet"), grid: { stroke: color("--grid"), width: 1 }, ticks: { show: false } };
  const sparse = chart.data.smooth === chart.data.raw;
  return {
    width: Math.max(chart.canvas.clientWidth, 200),
    height: HEIGHT,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { points: { show: false }, y: false, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: (plot, low, high) => yRange(low, high) } },
    axes: [
      { ...common, size: 26, gap: 3, space: 64, values: (plot, splits) => splits.map((v) => (axis === AXES.iteration ? format.count(v) : format.duration(v).replace(".0 s", " s"))) },
      { ...common, size: 44, gap: 4, space: 32, values: (plot, splits) => splits.map((v) => axisValue(v, splits)) },
    ],
    series: [
      {},
      { stroke: sparse ? color("--curve") : color("--curve-faint"), width: sparse ? 1.6 : 1, points: { show: sparse && chart.data.xs.length < 40, size: 5 } },
      { stroke: color("--curve"), width: 1.8, points: { show: false }, show: !sparse },
    ],
    hooks: {
      drawAxes: [(plot) => drawMarks(plot, chart.data, { gap: color("--gap"), gapInk: color("--gap-ink"), tick: color("--tick"), font })],
      draw: [(plot) => drawBridges(plot, chart.data, { ink: color("--gap-ink") })],
      setCursor: [(plot) => chart.hover(plot)],
    },
  };
}

function yRange(low, high) {
  if (low === null || high === null) return [0, 1];
  const pad = (high - low || Math.abs(high) || 1) * 0.08;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

function axisValue(v, splits) {
  const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0));
  if (Math.abs(v) >= 10000) return `${format.count(v / 1000)}k`;
  return step >= 1 ? format.count(v) : v.toFixed(step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3);
}

/** Below the curve: the shaded time of each gap with its label, and a tick per checkpoint. */
function drawMarks(plot, data, colors) {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const ratio = devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  for (const gap of data.gaps) {
    const x0 = plot.valToPos(gap.from, "x", true);
    const x1 = Math.max(plot.valToPos(gap.to, "x", true), x0 + 2 * ratio);
    ctx.fillStyle = colors.gap;
    ctx.fillRect(x0, top, x1 - x0, height);
    label(ctx, gapLabel(gap), x0, x1, plot.bbox, ratio, colors);
  }
  ctx.fillStyle = colors.tick;
  for (const tick of data.ticks) {
    const x = plot.valToPos(tick, "x", true);
    ctx.fillRect(x - ratio * 0.75, top + height - 7 * ratio, 1.5 * ratio, 7 * ratio);
  }
  ctx.restore();
}

/** Beside the band, on the side that has room for it. */
function label(ctx, text, x0, x1, box, ratio, colors) {
  ctx.font = colors.font.replace(/^11px/, `${10.5 * ratio}px`);
  ctx.fillStyle = colors.gapInk;
  ctx.textBaseline = "top";
  const wide = ctx.measureText(text).width;
  const room = x1 + 4 * ratio + wide < box.left + box.width;
  ctx.textAlign = room ? "left" : "right";
  ctx.fillText(text, room ? x1 + 4 * ratio : x0 - 4 * ratio, box.top + 3 * ratio);
}

/** A dashed line from the last value before a gap to the first one after it. */
function drawBridges(plot, data, colors) {
  const { ctx } = plot;
  const ratio = devicePixelRatio || 1;
  ctx.save();
  ctx.strokeStyle = colors.ink;
  ctx.lineWidth = 1.4 * ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  for (const gap of data.gaps) {
    ctx.beginPath();
    ctx.moveTo(plot.valToPos(gap.from, "x", true), plot.valToPos(gap.a, "y", true));
    ctx.lineTo(plot.valToPos(gap.to, "x", true), plot.valToPos(gap.b, "y", true));
    ctx.stroke();
  }
  ctx.restore();
}
