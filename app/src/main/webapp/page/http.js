// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

/** A refusal by the server (RFC 9457 problem details), or no answer at all (status 0). */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.error || problem.title || `The server answered ${status}.`);
    this.status = status;
    this.code = problem.code;
    this.line = problem.line ?? lineIn(this.message);
  }
}

function lineIn(message) {
  const found = /\bline (\d+)/i.exec(message);
  return found ? Number(found[1]) : undefined;
}

const listeners = new Set();

/** Tells about every answer: "answered", "unreachable" or "signed-out". */
export function onAnswer(listener) {
  listeners.add(listener);
}

function tell(outcome) {
  for (const listener of listeners) listener(outcome);
}

export async function call(method, path, { json, xml, timeoutMillis = 15000 } = {}) {
  const headers = { Accept: "application/json, application/problem+json" };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  if (xml !== undefined) headers["Content-Type"] = "application/xml";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: json !== undefined ? JSON.stringify(json) : xml,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(timeoutMillis),
    });
  } catch (cause) {
    tell("unreachable");
    throw new Refusal(0, { detail: "The server does not answer." });
  }
  const body = await bodyOf(response);
  if (response.ok) {
    tell("answered");
    return body;
  }
  if (response.status === 401) tell("signed-out");
  throw new Refusal(response.status, body && typeof body === "object" ? body : { detail: String(body ?? "").slice(0, 400) });
}

async function bodyOf(response) {
  const text = await response.text();
  if (!text) return null;
  if (!/\bjson\b/.test(response.headers.get("Content-Type") ?? "")) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refusal(response.status, { detail: "The server's answer is not JSON." });
  }
}

export const get = (path) => call("GET", path);
export const put = (path) => call("PUT", path);
export const post = (path, json) => call("POST", path, { json });
