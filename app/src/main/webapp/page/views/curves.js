// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { AXES } from "../curve-data.js";
import { CurveChart } from "../curve-chart.js";
import { el, keyed } from "../dom.js";

const FIRST = ["loss", "accuracy"];
const SHOWN = 6;
/** A shorter burst of work has no curve worth drawing. */
const MIN_SECONDS = 2;

/** All curves of one job. */
export class CurvesView {
  constructor() {
    this.axis = AXES.time;
    this.grid = el("div", { class: "curves" });
    const choices = Object.values(AXES).map((axis) =>
      el("label", {}, el("input", { type: "radio", name: "axis", value: axis, checked: axis === this.axis, onchange: () => this.turn(axis) }), ` ${axis}`));
    this.node = el("section", { class: "panel", "aria-label": "Curves", hidden: true },
      el("header", {}, el("h3", {}, "Curves"),
        el("span", { class: "legend" }, el("i", { class: "tick" }), "checkpoint", el("i", { class: "band" }), "interrupted"),
        el("fieldset", { class: "choice", "aria-label": "Horizontal axis" }, ...choices)),
      this.grid);
    this.charts = () => [...this.grid.children].map((figure) => figure.chart);
    this.darkness = matchMedia("(prefers-color-scheme: dark)");
    this.recolor = () => this.charts().forEach((chart) => chart.draw());
    this.darkness.addEventListener("change", this.recolor);
  }

  turn(axis) {
    this.axis = axis;
    if (this.job) this.update(this.job);
  }

  update(job) {
    this.job = job;
    const wanted = chosen(job);
    this.node.hidden = wanted.length === 0;
    const update = (figure, curve) => figure.chart.update(job.series.get(curve.name), job, this.axis);
    keyed(this.grid, wanted, (curve) => curve.name, createFigure, update, (figure) => figure.chart.close());
  }

  close() {
    this.darkness.removeEventListener("change", this.recolor);
    this.charts().forEach((chart) => chart.close());
  }
}

function createFigure({ name, title, fromZero }) {
  const chart = new CurveChart(name, title, fromZero);
  return Object.assign(chart.node, { chart });
}

/** Curves with at least two points, loss and accuracy first, then one of speed. */
function chosen(job) {
  const names = [...job.series.keys()].filter((name) => job.series.get(name).length > 1);
  const metrics = names.filter((name) => !isSpeed(name)).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  const shown = metrics.slice(0, SHOWN).map((name) => ({ name, title: name.replaceAll("_", " "), fromZero: false }));
  const speed = speedOf(job, names.filter(isSpeed));
  return speed ? [...shown, { ...speed, fromZero: true }] : shown;
}

const isSpeed = (name) => name.endsWith(" rate") || name.endsWith("_per_second");

/** The one the step itself measures, in texts if it can; else what its progress gave, of the step that worked longest. */
function speedOf(job, names) {
  const told = names.filter((name) => name.endsWith("_per_second")).sort((a, b) => b.localeCompare(a));
  if (told.length) return { name: told[0], title: told[0].replaceAll("_", " ") };
  const rates = names.filter((name) => span(job.series.get(name)) > MIN_SECONDS);
  rates.sort((a, b) => span(job.series.get(b)) - span(job.series.get(a)));
  if (!rates.length) return null;
  const unit = job.series.get(rates[0]).at(-1).unit || "items";
  return { name: rates[0], title: `${rates[0].replace(/ rate$/, "")}: ${unit} per second` };
}

const span = (points) => (points.length ? points.at(-1).time - points[0].time : 0);

function rank(name) {
  const place = FIRST.findIndex((word) => name.toLowerCase().includes(word));
  return place < 0 ? FIRST.length : place;
}
