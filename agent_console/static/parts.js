// Parts of the page that the server draws anew: only what changed is replaced, and nothing that is being typed is lost.

import { askHtml } from "./ask.js";

const last = new WeakMap();
const waiting = new Map();
const redrawn = new Set();

export function onRedrawn(listener) {
  redrawn.add(listener);
}

export function partsNamed(...names) {
  return [...document.querySelectorAll("[data-part]")].filter((part) => names.includes(part.dataset.part));
}

function keyOf(part) {
  return part.querySelector("[data-key]")?.dataset.key;
}

function newKey(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("[data-key]")?.dataset.key;
}

function typedIn(part) {
  const fields = [...part.querySelectorAll("input:not([type=hidden]), textarea, select")];
  return new Map(fields.filter((field) => field.id).map((field) => [field.id, field.value]));
}

// The form of a complaint is drawn once: after that its words belong to the person who types them.
function mayReplace(part, html) {
  return part.dataset.part !== "work" || newKey(html) !== keyOf(part) || newKey(html) === "idle";
}

export async function redraw(part) {
  const html = await askHtml(part.dataset.url);
  if (last.get(part) === html || !mayReplace(part, html)) return;
  last.set(part, html);
  const before = keyOf(part);
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = typedIn(part);
  part.innerHTML = html;
  if (before !== undefined && before === keyOf(part)) {
    for (const [id, value] of typed) {
      const field = document.getElementById(id);
      if (field && field.value !== value) field.value = value;
    }
  }
  if (focused) document.getElementById(focused)?.focus();
  redrawn.forEach((listener) => listener(part));
}

// Many events at once ask once; a second ask during the first waits for its end.
export function refresh(...names) {
  const parts = names.length ? partsNamed(...names) : [...document.querySelectorAll("[data-part]")];
  return Promise.allSettled(parts.map(refreshOne));
}

function refreshOne(part) {
  const running = waiting.get(part);
  if (running) {
    running.again = true;
    return running.done;
  }
  const turn = { again: false };
  turn.done = (async () => {
    do {
      turn.again = false;
      await redraw(part);
    } while (turn.again);
  })().finally(() => waiting.delete(part));
  waiting.set(part, turn);
  return turn.done;
}
