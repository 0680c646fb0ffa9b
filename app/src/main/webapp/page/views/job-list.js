// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, keyed, setAttribute, setText } from "../dom.js";
import * as format from "../format.js";
import { get } from "../http.js";

const PAGE = 50;

/** The newest job instances. */
export class JobListView {
  /** @param {{ onNew: () => void, onJobs: (jobs: object[]) => void }} hooks */
  constructor(node, hooks) {
    this.hooks = hooks;
    this.jobs = [];
    this.selected = null;
    this.list = el("ul", { class: "job-list", onkeydown: (e) => this.move(e) });
    this.empty = el("p", { class: "empty", hidden: true }, "No jobs yet.");
    this.button = el("button", { class: "primary", id: "new-job", onclick: () => hooks.onNew() }, "New job");
    node.replaceChildren(el("header", {}, el("h2", {}, "Jobs"), this.button), this.list, this.empty);
  }

  async refresh() {
    const answer = await get(`/ibm/api/batch/v4/jobinstances?page=0&pageSize=${PAGE}&sort=-createTime`);
    this.jobs = answer.filter((job) => job.instanceId !== undefined).sort((a, b) => b.instanceId - a.instanceId);
    this.show();
    this.hooks.onJobs(this.jobs);
  }

  select(instanceId) {
    if (this.selected === instanceId) return;
    this.selected = instanceId;
    this.show();
  }

  show() {
    this.empty.hidden = this.jobs.length > 0;
    keyed(this.list, this.jobs, (job) => job.instanceId, createRow, (row, job) => updateRow(row, job, job.instanceId === this.selected));
  }

  /** Arrow keys walk the list; Tab leaves it. */
  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest("li");
    if (!step || !row) return;
    const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    next?.querySelector("a").focus();
    event.preventDefault();
  }
}

function createRow(job) {
  const parts = { name: el("span", { class: "name" }), id: el("span", { class: "id" }), state: el("span"), when: el("time") };
  const link = el("a", { href: `#/jobs/${job.instanceId}` }, parts.name, parts.id, parts.state, parts.when);
  return Object.assign(el("li", {}, link), { link, parts });
}

function updateRow({ link, parts }, job, selected) {
  setText(parts.name, job.jobName || job.jobXMLName || "job");
  setText(parts.id, `#${job.instanceId}`);
  setText(parts.state, format.state(job.batchStatus));
  setAttribute(parts.state, "class", `state ${job.batchStatus}`);
  setText(parts.when, format.instant(job.lastUpdatedTime));
  setAttribute(link, "aria-current", selected ? "page" : null);
}
