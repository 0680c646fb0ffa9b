// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, setText } from "../dom.js";
import { call, get, post } from "../http.js";
import { JslEditor } from "./jsl-editor.js";

/** The dialog for a new job: one of the catalogue with parameters, or a job XML of one's own. */
export class SubmitJobView {
  /** @param {(instance: object) => void} onSubmitted */
  constructor(onSubmitted) {
    this.onSubmitted = onSubmitted;
    this.kind = "packaged";
    this.definition = el("select", { id: "job-definition" });
    this.parameters = el("textarea", { id: "job-parameters", rows: 4, placeholder: "epochs=3\nranks=2", spellcheck: false });
    this.editor = new JslEditor();
    this.problem = el("p", { class: "problem", role: "alert", hidden: true, id: "job-problem" });
    this.packaged = el("div", { class: "field" }, el("label", { htmlFor: "job-definition" }, "Job"), this.definition);
    this.own = el("div", { class: "field", hidden: true }, el("label", { htmlFor: "job-xml" }, "Job XML (JSL)"), this.editor.node);
    this.send = el("button", { class: "primary" }, "Submit");
    const kind = (value, text, checked) =>
      el("label", {}, el("input", { type: "radio", name: "kind", value, checked, onchange: () => this.turn(value) }), ` ${text}`);
    this.node = el("dialog", { class: "submit", "aria-labelledby": "submit-title" },
      el("form", { onsubmit: (e) => this.submit(e) },
        el("h2", { id: "submit-title" }, "New job"),
        el("fieldset", { class: "choice", "aria-label": "Kind of job" }, kind("packaged", "from the catalogue", true), kind("own", "own job XML", false)),
        this.packaged, this.own,
        el("div", { class: "field" }, el("label", { htmlFor: "job-parameters" }, "Parameters, one ", el("code", {}, "name=value"), " a line"), this.parameters),
        this.problem,
        el("div", { class: "row end" }, el("button", { type: "button", onclick: () => this.node.close() }, "Cancel"), this.send)));
  }

  async open() {
    this.hideProblem();
    this.node.showModal();
    try {
      const { jobdefinitions = [] } = await get("/ibm/api/batch/jobdefinitions");
      const names = jobdefinitions.map((d) => (typeof d === "string" ? d : d.jobXMLName ?? d.name)).sort((a, b) => b.localeCompare(a));
      const kept = this.definition.value;
      this.definition.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
      if (names.includes(kept)) this.definition.value = kept;
    } catch (refusal) {
      this.showProblem(refusal);
    }
  }

  turn(kind) {
    this.kind = kind;
    this.packaged.hidden = kind !== "packaged";
    this.own.hidden = kind !== "own";
    this.hideProblem();
  }

  async submit(event) {
    event.preventDefault();
    this.hideProblem();
    this.send.disabled = true;
    try {
      const instance = await this.post(parse(this.parameters.value));
      this.node.close();
      this.onSubmitted(instance);
    } catch (refusal) {
      this.showProblem(refusal);
    } finally {
      this.send.disabled = false;
    }
  }

  post(parameters) {
    if (this.kind === "own") {
      return call("POST", `/ibm/api/batch/jobinstances?${new URLSearchParams(parameters)}`, { xml: this.editor.text });
    }
    return post("/ibm/api/batch/jobinstances", { applicationName: "partita", jobXMLName: this.definition.value, jobParameters: parameters });
  }

  showProblem({ line, message }) {
    const named = !line || new RegExp(`\\bline ${line}\\b`, "i").test(message);
    setText(this.problem, named ? message : `Line ${line}: ${message}`);
    this.problem.hidden = false;
    if (line && this.kind === "own") this.editor.pointAt(line);
  }

  hideProblem() {
    this.problem.hidden = true;
    this.editor.pointAt(0);
  }
}

/** "a=1\n b = 2" is { a: "1", b: "2" }; a line without "=" is told, not dropped. */
function parse(text) {
  const parameters = {};
  for (const line of text.split("\n").map((l) => l.trim()).filter((l) => l)) {
    const at = line.indexOf("=");
    if (at < 1) throw new Error(`“${line}” is not name=value.`);
    parameters[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return parameters;
}
