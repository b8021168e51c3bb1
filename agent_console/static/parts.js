// Parts of the page that the server draws anew: only what changed is replaced, and nothing that is being typed is lost.

import { askHtml } from "./ask.js";
import { isInHand, untilLetGo } from "./in_hand.js";

const last = new WeakMap();
const waiting = new Map();
const redrawn = new Set();

export function onRedrawn(listener) {
  redrawn.add(listener);
}

export function partsNamed(...names) {
  return [...document.querySelectorAll("[data-part]")].filter((part) => names.includes(part.dataset.part));
}

// Each answer carries a new token, and that alone is no change.
function plain(content) {
  return content.innerHTML.replace(/(name="csrf_token" value=")[^"]*/g, "$1");
}

function keyOf(content) {
  return content.querySelector("[data-key]")?.dataset.key;
}

// The form of a complaint is drawn once: after that its words belong to the person who types them. It is drawn again only
// where it was saved elsewhere since, and nothing that was typed here waits to be saved.
function mayReplace(part, fresh) {
  if (part.dataset.part !== "work" || keyOf(fresh) !== keyOf(part) || keyOf(fresh) === "idle") return true;
  const form = part.querySelector("[data-version]");
  return !!form && !("unsaved" in form.dataset) && isNewer(fresh, form);
}

function isNewer(fresh, form) {
  return Number(fresh.querySelector("[data-version]").dataset.version) > Number(form.dataset.version);
}

function fieldsOf(part) {
  return [...part.querySelectorAll("input:not([type=hidden], [type=checkbox]), textarea, select")].filter((field) => field.id);
}

function isTyped(field) {
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  const options = [...field.options];
  return field.value !== (options.find((one) => one.defaultSelected) || options[0])?.value;
}

function nameOf(details) {
  return details.id || details.querySelector("summary").textContent.trim();
}

// What a person has done to a part, to be done to its next drawing: fields that were changed, the caret, what was unfolded.
function handiwork(part) {
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  return {
    typed: new Map(fieldsOf(part).filter(isTyped).map((field) => [field.id, field.value])),
    unfolded: new Set([...part.querySelectorAll("details[open]")].map(nameOf)),
    focused: active?.id,
    caret: Number.isInteger(active?.selectionStart) ? [active.selectionStart, active.selectionEnd] : null,
  };
}

function doAgain(part, { typed, unfolded }) {
  for (const field of fieldsOf(part)) if (typed.has(field.id)) field.value = typed.get(field.id);
  for (const one of part.querySelectorAll("details")) one.open = unfolded.has(nameOf(one));
}

function focusAgain(part, { focused, caret }) {
  const field = focused && document.getElementById(focused);
  if (!field || !part.contains(field)) return;
  field.focus();
  if (caret && "selectionStart" in field) field.setSelectionRange(...caret);
}

async function ask(part) {
  const fresh = document.createElement("template");
  do {
    await untilLetGo(part);
    fresh.innerHTML = await askHtml(part.dataset.url);
  } while (isInHand(part));
  return fresh;
}

export async function redraw(part) {
  const fresh = await ask(part);
  const drawing = plain(fresh);
  if (last.get(part) === drawing || !mayReplace(part, fresh.content)) return;
  last.set(part, drawing);
  const isSame = keyOf(part) === keyOf(fresh.content);
  const done = handiwork(part);
  part.replaceChildren(fresh.content);
  if (isSame && part.dataset.part !== "work") doAgain(part, done);
  focusAgain(part, done);
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
      await redraw(part).catch((error) => {
        if (!turn.again) throw error;
      });
    } while (turn.again);
  })().finally(() => waiting.delete(part));
  waiting.set(part, turn);
  return turn.done;
}

// Before any script touches them, the parts stand as the server drew them.
for (const part of document.querySelectorAll("[data-part]")) last.set(part, plain(part));
