// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

const TYPES = ["job", "step", "partition", "progress", "metric", "checkpoint", "recovery", "log"];
const RETRY_MILLIS = 1500;

/**
 * One job's events, in order and each once, over any number of lost connections. The browser reconnects by
 * itself while the server is gone, but gives up on an answer that is not an event stream (a server still
 * starting): then we open again, after the last event seen.
 *
 * @param {number|string} instanceId
 * @param {{ event: (e: object) => void, state: (s: "open"|"retrying") => void }} sink
 * @returns {() => void} closes the stream
 */
export function followJob(instanceId, sink) {
  let source = null;
  let timer = 0;
  let lastSeq = 0;
  let closed = false;

  function receive(message) {
    const seq = Number(message.lastEventId) || 0;
    if (seq && seq <= lastSeq) return;
    if (seq) lastSeq = seq;
    const event = JSON.parse(message.data);
    sink.event({ ...event, type: event.type ?? message.type, seq });
  }

  function open() {
    const after = lastSeq ? `?after=${lastSeq}` : "";
    source = new EventSource(`/api/jobs/${encodeURIComponent(instanceId)}/events${after}`);
    source.onopen = () => sink.state("open");
    source.onmessage = receive;
    for (const type of TYPES) source.addEventListener(type, receive);
    source.onerror = () => {
      if (closed) return;
      sink.state("retrying");
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MILLIS);
    };
  }

  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
  };
}
