// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el } from "../dom.js";

const START = `<?xml version="1.0" encoding="UTF-8"?>
<job id="my-job" xmlns="https://jakarta.ee/xml/ns/jakartaee" version="2.0">
  <step id="first">
    <batchlet ref="…"/>
  </step>
</job>
`;

/** A plain text area with line numbers, so that "line 7" can be seen. */
export class JslEditor {
  constructor() {
    this.gutter = el("pre", { class: "gutter", "aria-hidden": "true" });
    this.area = el("textarea", { id: "job-xml", rows: 14, wrap: "off", spellcheck: false, value: START, oninput: () => this.number(), onscroll: () => this.scroll() });
    this.node = el("div", { class: "editor" }, this.gutter, this.area);
    this.marked = 0;
    this.number();
  }

  get text() {
    return this.area.value;
  }

  /** Marks a line, 1 for the first, and puts the cursor there; 0 marks none. */
  pointAt(line) {
    this.marked = line;
    this.number();
    if (!line) return;
    const lines = this.text.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    this.area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(this.area).lineHeight));
  }

  number() {
    const count = this.text.split("\n").length;
    this.gutter.replaceChildren(...Array.from({ length: count }, (_, i) => el("span", { class: i + 1 === this.marked ? "bad" : "" }, `${i + 1}\n`)));
    this.scroll();
  }

  scroll() {
    this.gutter.scrollTop = this.area.scrollTop;
  }
}
