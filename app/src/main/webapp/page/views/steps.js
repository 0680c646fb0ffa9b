// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, keyed, setAttribute, setText } from "../dom.js";
import * as format from "../format.js";
import { totals } from "../job-state.js";

/** The table of steps, each with its partitions below it: bar, done/total, rate, time left, state. */
export class StepsView {
  constructor() {
    this.body = el("tbody");
    this.empty = el("p", { class: "empty" });
    const headings = ["Step", "Progress", "Done", "Rate", "Time", "State"];
    this.table = el("table", { class: "steps" },
      el("thead", {}, el("tr", {}, ...headings.map((h) => el("th", { scope: "col", class: `col-${h.toLowerCase()}` }, h)))), this.body);
    this.node = el("section", { class: "panel", "aria-label": "Steps" }, el("header", {}, el("h3", {}, "Steps")), this.table, this.empty);
  }

  update(job) {
    const rows = [...job.steps.values()].flatMap((step) => rowsOf(step, job));
    this.empty.hidden = rows.length > 0;
    setText(this.empty, job.status && !format.isActive(job.status) ? "No step has run." : "Waiting for the first step.");
    this.table.hidden = rows.length === 0;
    keyed(this.body, rows, (row) => row.key, createRow, updateRow);
  }
}

function rowsOf(step, job) {
  const status = settled(step.status, job.status);
  const took = step.startedAt && step.endedAt ? step.endedAt - step.startedAt : null;
  const rows = [{ key: step.name, title: step.name, ...totals(step), status, took, main: true }];
  const partitions = [...step.partitions.values()].filter((p) => p.number >= 0).sort((a, b) => a.number - b.number);
  if (partitions.length < 2) return rows;
  for (const p of partitions) {
    const left = p.rate > 0 ? (p.total - p.done) / p.rate : 0;
    rows.push({ key: `${step.name} ${p.number}`, title: `partition ${p.number}`, ...p, left, status: settled(p.status, status), took: null, main: false });
  }
  return rows;
}

/** A part cannot run when its whole has ended: a kill leaves the last word unsaid. */
const settled = (status, whole) => (whole && format.isActive(status) && !format.isActive(whole) ? whole : status);

function createRow(row) {
  const bar = el("progress", { "aria-label": row.title });
  const cells = {
    title: el("th", { scope: "row" }),
    bar: el("td", { class: "bar" }, bar),
    done: el("td", { class: "number done" }),
    rate: el("td", { class: "number rate" }),
    left: el("td", { class: "number left" }),
    state: el("td", { class: "state-cell" }, el("span")),
  };
  const node = el("tr", { class: row.main ? "main" : "part", "data-step": row.key }, ...Object.values(cells));
  return Object.assign(node, { parts: cells, bar });
}

function updateRow(node, row) {
  const { parts: cells, bar } = node;
  const running = row.status === "STARTED";
  setText(cells.title, row.title);
  setAttribute(bar, "max", row.total || 1);
  // Running without a known total: a bar without a value is the browser's "busy" one.
  const done = row.total ? row.done : row.status === "COMPLETED" ? 1 : 0;
  setAttribute(bar, "value", running && !row.total ? null : done);
  setAttribute(bar, "aria-valuetext", row.total ? `${Math.floor((100 * row.done) / row.total)} %` : format.state(row.status));
  setText(cells.done, row.total ? `${format.count(row.done)} / ${format.count(row.total)}` : row.done ? format.count(row.done) : "");
  setText(cells.rate, running && row.rate ? `${format.rate(row.rate)} ${short(row.unit)}/s` : "");
  setText(cells.left, running ? (row.left > 0 ? `${format.duration(row.left)} left` : "") : row.took ? `took ${format.duration(row.took)}` : "");
  const state = cells.state.firstChild;
  setText(state, format.state(row.status));
  setAttribute(state, "class", `state ${row.status}`);
}

/** Room is short in the table. */
const short = (unit) => ({ iterations: "it", iteration: "it" })[unit] ?? unit;
