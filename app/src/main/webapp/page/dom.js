// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Makes an element. Properties that start with "on" are listeners; `data`, `aria` and `class` are
 * attributes; everything else is set as a property when the element has it.
 *
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node|string|null|undefined)} children
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key in node && !key.includes("-")) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Sets text only when it differs, so that a selection or a screen reader is not disturbed. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/**
 * Makes `parent`'s children be one node per item, in order, reusing nodes by key: focus and
 * scrolling stay where they are.
 *
 * @param {(item: any) => Element} create called once per new key
 * @param {(node: any, item: any) => void} update called for every item
 * @param {(node: any) => void} [discard] called for each node whose item is gone
 */
export function keyed(parent, items, keyOf, create, update, discard = () => {}) {
  const old = parent.keyedNodes ?? new Map();
  const keys = new Set(items.map(keyOf));
  for (const [key, node] of old) {
    if (keys.has(key)) continue;
    discard(node);
    node.remove();
    old.delete(key);
  }
  let place = parent.firstChild;
  for (const item of items) {
    const node = old.get(keyOf(item)) ?? create(item);
    old.set(keyOf(item), node);
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
    update(node, item);
  }
  parent.keyedNodes = old;
}
