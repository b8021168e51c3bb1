// News from the server: an event stream that goes on where it stopped, and plain asking when there is no stream.

import { askJson } from "./ask.js";

const POLL_EVERY = 2000;
const TRY_STREAM_EVERY = 15000;
const SILENT_FOR = 45000;
const REREAD = 64; // ids: of two transactions the one with the lower id may end later
const REMEMBER = 512;

let source = null;

// False while the page asks for its news by itself.
export function isStreamed() {
  return source?.readyState === EventSource.OPEN;
}

// News that came by the stream are marked: with those of the line it tells who waits, before them.
export function listen(onNews, onLine) {
  const address = document.body.dataset.stream;
  const start = Number(document.body.dataset.after);
  const taken = new Set();
  let after = start;
  let polling = 0;
  let heard = Date.now();

  function take(event, isStreamed) {
    if (taken.has(event.id)) return;
    taken.add(event.id);
    if (taken.size > REMEMBER) taken.delete(taken.values().next().value);
    after = Math.max(after, event.id);
    onNews({ ...event, isStreamed });
  }

  async function poll() {
    try {
      const answer = await askJson(`/desk/events?after=${Math.max(start, after - REREAD)}`);
      answer.events.forEach((event) => take(event, false));
    } catch {
      // The line at the top says that nothing answers; the next round asks again.
    }
  }

  function startPolling() {
    if (!polling) polling = setInterval(poll, POLL_EVERY);
    poll();
  }

  function stopPolling() {
    clearInterval(polling);
    polling = 0;
  }

  function open() {
    source?.close();
    heard = Date.now();
    source = new EventSource(`${address}/events?after=${after}`, { withCredentials: true });
    source.onopen = () => {
      heard = Date.now();
      stopPolling();
      onNews({ id: 0, kind: "opened", subject: "" });
    };
    source.addEventListener("beat", () => (heard = Date.now()));
    source.addEventListener("line", (message) => onLine(JSON.parse(message.data)));
    source.onmessage = (message) => {
      heard = Date.now();
      take(JSON.parse(message.data), true);
    };
    source.onerror = startPolling;
  }

  setInterval(() => {
    const asleep = Date.now() - heard > SILENT_FOR;
    if (source.readyState === EventSource.CLOSED || asleep) open();
  }, TRY_STREAM_EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || poll());
  addEventListener("online", poll);
  addEventListener("pagehide", () => source?.close());
  // Kept whole in the browser's history, the page has heard nothing since, and is as old as its words.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  open();
}
