// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import uPlot from "./vendor/uplot.js";
import { AXES, columns } from "./curve-data.js";
import { el, setText } from "./dom.js";
import * as format from "./format.js";

const HEIGHT = 168;
/** Distances of ticks on the time axis that read well as durations. */
const SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400];

/** One curve with its heading: the newest value, checkpoints as ticks, kills as bridged gaps. */
export class CurveChart {
  /** @param {boolean} fromZero whether the vertical axis begins at 0: right for speeds, too coarse for a loss */
  constructor(name, title, fromZero) {
    this.fromZero = fromZero;
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
    if (!this.plot || this.axis !== axis || this.noisy !== this.data.noisy) this.draw(axis);
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
    this.noisy = this.data.noisy;
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
    this.node.dataset.gaps = this.data.gaps.filter((gap) => !gap.away).length;
    const gaps = this.data.gaps.map((gap) => gapWords(gap).join(", ")).join("; ");
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

const gapWords = (gap) => {
  const word = gap.away ? "for" : gap.reason === "killed" ? "back after" : "went on after";
  return [gap.reason, `${word} ${format.duration(gap.seconds)}`];
};

function options(chart, axis) {
  const css = getComputedStyle(document.documentElement);
  const color = (name) => css.getPropertyValue(name).trim();
  const font = `11px ${color("--sans")}`;
  const common = { font, stroke: color("--quiet"), grid: { stroke: color("--grid"), width: 1 }, ticks: { show: false } };
  return {
    width: Math.max(chart.canvas.clientWidth, 200),
    height: HEIGHT,
    padding: [10, 16, 0, 0],
    legend: { show: false },
    cursor: { points: { show: false }, y: false, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: (plot, low, high) => (chart.fromZero ? [0, (high || 1) * 1.08] : yRange(low, high)) } },
    axes: [
      { ...common, size: 22, gap: 4, space: 64, incrs: axis === AXES.iteration ? undefined : SECONDS, values: (plot, splits) => splits.map((v) => (axis === AXES.iteration ? format.count(v) : secondsValue(v, splits))) },
      { ...common, size: 44, gap: 4, space: 32, values: (plot, splits) => splits.map((v) => axisValue(v, splits)) },
    ],
    series: [
      {},
      { stroke: chart.noisy ? color("--curve-faint") : color("--curve"), width: chart.noisy ? 1 : 1.8, points: { show: (plot) => plot.data[0].length < 24, size: 5, fill: color("--curve") } },
      { stroke: color("--curve"), width: 1.8, points: { show: false }, show: chart.noisy },
    ],
    hooks: {
      drawAxes: [(plot) => drawMarks(plot, chart.data, { gap: color("--gap"), gapInk: color("--gap-ink"), halo: color("--surface"), tick: color("--tick"), font })],
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

/** 4 s, 1:10; tenths only where ticks are closer than a second. */
function secondsValue(v, splits) {
  if (splits[1] - splits[0] < 1) return `${v.toFixed(1)} s`;
  const seconds = Math.round(v);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function axisValue(v, splits) {
  const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0));
  if (Math.abs(v) >= 10000) return `${format.count(v / 1000)}k`;
  return step >= 1 ? format.count(v) : v.toFixed(decimals(step));
}

/** As many as tell neighbours apart by what they are: 0.25 and 0.75 need two. */
function decimals(step) {
  const enough = [1, 2, 3].find((n) => Math.abs(step * 10 ** n - Math.round(step * 10 ** n)) < 1e-6);
  return enough ?? 4;
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
  const taken = [];
  for (const gap of data.gaps) {
    const x0 = plot.valToPos(gap.from, "x", true);
    const x1 = Math.max(plot.valToPos(gap.to, "x", true), x0 + 2 * ratio);
    ctx.fillStyle = colors.gap;
    ctx.fillRect(x0, top, x1 - x0, height);
    const heights = gap.bridge.map(([, value]) => plot.valToPos(value, "y", true));
    label(ctx, gap, { x0, x1, low: (heights[0] + heights[1]) / 2 < top + height / 2 }, plot.bbox, ratio, colors, taken);
  }
  ctx.fillStyle = colors.tick;
  for (const tick of data.ticks) {
    const x = plot.valToPos(tick, "x", true);
    ctx.fillRect(x - ratio * 0.75, top + height - 7 * ratio, 1.5 * ratio, 7 * ratio);
  }
  ctx.restore();
}

/**
 * Two lines in the band, or beside it when it is too narrow; in the half the bridge leaves free, or in the other one
 * where another label is. No room at all: the band speaks for itself, and the chart's description has the words.
 */
function label(ctx, gap, { x0, x1, low }, box, ratio, colors, taken) {
  const lines = gapWords(gap);
  const space = 4 * ratio;
  const lineHeight = 13 * ratio;
  ctx.font = colors.font.replace(/^11px/, `${10.5 * ratio}px`);
  ctx.fillStyle = colors.gapInk;
  ctx.textBaseline = "top";
  const wide = ctx.measureText(lines[1]).width + 2 * space;
  const inside = x1 - x0 >= wide;
  const right = x1 + wide < box.left + box.width;
  ctx.textAlign = inside ? "center" : right ? "left" : "right";
  const x = inside ? (x0 + x1) / 2 : right ? x1 + space : x0 - space;
  const from = inside ? x - wide / 2 : right ? x : x - wide;
  const free = (bottom) => taken.every((other) => other.bottom !== bottom || other.to < from || other.from > from + wide);
  const bottom = free(low) ? low : !low;
  if (!free(bottom)) return;
  taken.push({ from, to: from + wide, bottom });
  const y = bottom ? box.top + box.height - 2 * lineHeight - 10 * ratio : box.top + space;
  // A halo keeps the words readable where the curve runs behind them.
  ctx.strokeStyle = colors.halo;
  ctx.lineWidth = 3 * ratio;
  ctx.lineJoin = "round";
  lines.forEach((line, i) => {
    if (!inside) ctx.strokeText(line, x, y + i * lineHeight);
    ctx.fillText(line, x, y + i * lineHeight);
  });
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
    const [[fromX, fromY], [toX, toY]] = gap.bridge;
    ctx.beginPath();
    ctx.moveTo(plot.valToPos(fromX, "x", true), plot.valToPos(fromY, "y", true));
    ctx.lineTo(plot.valToPos(toX, "x", true), plot.valToPos(toY, "y", true));
    ctx.stroke();
  }
  ctx.restore();
}
