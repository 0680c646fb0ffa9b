// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, keyed, setText } from "../dom.js";
import * as format from "../format.js";
import { get } from "../http.js";

/** The registered models and their versions, newest first. */
export class ModelsView {
  /** @param {(versions: object[]) => void} onVersions called whenever the list was read, newest of each model first */
  constructor(onVersions) {
    this.onVersions = onVersions;
    this.body = el("tbody");
    this.empty = el("p", { class: "empty" }, "No model yet. A train-text job that reaches its accuracy registers one.");
    const headings = ["Model", "Accuracy", "F1", "SHA-256"];
    this.table = el("table", { class: "versions", hidden: true },
      el("thead", {}, el("tr", {}, ...headings.map((h) => el("th", { scope: "col" }, h)))), this.body);
    this.node = el("section", { class: "panel", "aria-label": "Model versions" }, el("header", {}, el("h2", {}, "Models")), this.table, this.empty);
  }

  async refresh() {
    const names = listOf(await get("/api/models"), "models").map((model) => (typeof model === "string" ? model : model.name));
    const versions = (await Promise.all(names.map(versionsOf))).flat();
    this.empty.hidden = versions.length > 0;
    this.table.hidden = versions.length === 0;
    keyed(this.body, versions, (v) => `${v.model} ${v.version}`, createRow, updateRow);
    this.onVersions(versions);
  }
}

async function versionsOf(name) {
  const versions = listOf(await get(`/api/models/${encodeURIComponent(name)}/versions`), "versions");
  return versions.map((v) => ({ ...v, model: name })).sort((a, b) => Number(b.version) - Number(a.version));
}

/** Lists come bare or wrapped in an object. */
const listOf = (answer, key) => (Array.isArray(answer) ? answer : answer?.[key] ?? []);

function createRow() {
  const cells = [el("th", { scope: "row" }), el("td", { class: "number" }), el("td", { class: "number" }), el("td", { class: "sha" })];
  return Object.assign(el("tr", {}, ...cells), { parts: cells });
}

function updateRow(row, version) {
  const [name, accuracy, f1, sha] = row.parts;
  const hash = version.weightsSha256 ?? version.weights_sha256 ?? "";
  setText(name, `${version.model} v${version.version}`);
  setText(accuracy, Number.isFinite(version.accuracy) ? format.percent(version.accuracy) : "");
  setText(f1, (version.macroF1 ?? version.macro_f1)?.toFixed(3) ?? "");
  setText(sha, hash.slice(0, 8));
  sha.title = hash;
}
