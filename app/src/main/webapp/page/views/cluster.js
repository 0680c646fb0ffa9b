// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, keyed, setAttribute, setText } from "../dom.js";
import * as format from "../format.js";
import { get } from "../http.js";

const ROWS = 12;

/** A table that is read again and again; what it reads and how a row looks is told by its columns. */
class TableView {
  /**
   * @param {string} title
   * @param {string} empty what is said where there is nothing
   * @param {{ name: string, class?: string, text: (item: any) => string, state?: (item: any) => string }[]} columns
   */
  constructor(title, empty, columns) {
    this.columns = columns;
    this.body = el("tbody");
    this.facts = el("span", { class: "facts" });
    this.empty = el("p", { class: "empty" }, empty);
    this.table = el("table", { class: "versions", hidden: true },
      el("thead", {}, el("tr", {}, ...columns.map((c) => el("th", { scope: "col" }, c.name)))), this.body);
    this.node = el("section", { class: "panel", "aria-label": title }, el("header", {}, el("h2", {}, title), this.facts), this.table, this.empty);
  }

  show(items, facts) {
    setText(this.facts, facts);
    this.empty.hidden = items.length > 0;
    this.table.hidden = items.length === 0;
    keyed(this.body, items, (item) => item.id, () => this.createRow(), (row, item) => this.updateRow(row, item));
  }

  createRow() {
    const cells = this.columns.map((column, i) => (i ? el("td", { class: column.class }) : el("th", { scope: "row" })));
    const marks = cells.map((cell, i) => (this.columns[i].state ? cell.appendChild(el("span")) : cell));
    return Object.assign(el("tr", {}, ...cells), { marks });
  }

  updateRow(row, item) {
    this.columns.forEach((column, i) => {
      setText(row.marks[i], column.text(item));
      if (column.state) setAttribute(row.marks[i], "class", `state ${column.state(item)}`);
    });
    row.title = item.error ? `${item.error.code}: ${item.error.message}` : [item.id, item.pod].filter(Boolean).join(" on ");
  }
}

/** The pods of the cluster. */
export class NodesView extends TableView {
  constructor() {
    super("Nodes", "This server is alone.", [
      { name: "Node", text: (node) => short(node.id) },
      { name: "State", text: (node) => node.state.toLowerCase(), state: (node) => ({ UP: "COMPLETED", DRAINING: "STOPPING" })[node.state] ?? "FAILED" },
      { name: "CPUs free", class: "number", text: (node) => `${format.value(node.free.cpus)} of ${node.cpus}` },
      { name: "GPUs free", class: "number", text: (node) => (node.gpus ? `${format.value(node.free.gpus)} of ${node.gpus}` : "") },
    ]);
  }

  async refresh() {
    const nodes = await get("/api/nodes");
    const up = nodes.filter((node) => node.state === "UP").length;
    this.show(nodes, nodes.length ? `${up} up` : "");
  }
}

/** Tasks and calls of actors, the newest first. */
export class TasksView extends TableView {
  constructor() {
    super("Tasks", "No task has run yet.", [
      { name: "Task", text: (task) => task.name },
      { name: "State", text: (task) => words(task.state), state: (task) => TASK_LOOKS[task.state] },
      { name: "Pod", text: (task) => short(task.pod) },
      { name: "Took", class: "number", text: (task) => took(task) },
    ]);
  }

  async refresh() {
    const [page, summary] = await Promise.all([get(`/api/tasks?limit=${ROWS}`), get("/api/tasks/summary")]);
    this.show(page.tasks, counts(summary));
  }
}

/** Actors, those begun last first. */
export class ActorsView extends TableView {
  constructor() {
    super("Actors", "No actor lives.", [
      { name: "Actor", text: (actor) => actor.name || actor.class },
      { name: "State", text: (actor) => words(actor.state), state: (actor) => ACTOR_LOOKS[actor.state] },
      { name: "Pod", text: (actor) => short(actor.pod) },
      { name: "Calls", class: "number", text: (actor) => format.count(actor.waiting + actor.underWay) },
      { name: "Restarts", class: "number", text: (actor) => format.count(actor.restarts) },
    ]);
  }

  async refresh() {
    const [page, summary] = await Promise.all([get(`/api/actors?limit=${ROWS}`), get("/api/actors/summary")]);
    this.show(page.actors, counts(summary));
  }
}

/** States in the colours and shapes that the page has for jobs. */
const TASK_LOOKS = { RUNNING: "STARTED", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "STOPPED", BACKING_OFF: "STOPPING" };
const ACTOR_LOOKS = { ALIVE: "COMPLETED", STARTING: "STARTING", RESTARTING: "STOPPING", DEAD: "ABANDONED" };

/** Of a pod's life only which pod; of a long name its beginning, as of a commit. */
const short = (pod) => {
  const name = pod.replace(/\/.*/, "");
  return name.length > 14 ? `${name.slice(0, 8)}…` : name;
};

const words = (state) => state.toLowerCase().replaceAll("_", " ");

const counts = (summary) => Object.entries(summary.states).map(([state, count]) => `${format.count(count)} ${words(state)}`).join(", ");

function took(task) {
  const from = format.toDate(task.started);
  if (!from) return "";
  return format.duration(((format.toDate(task.ended) ?? new Date()) - from) / 1000);
}
