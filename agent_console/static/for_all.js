// News that concern everybody, as far as the stream does not say by itself what they mean (line.js). Every open page asks the
// server: the more pages there are, the longer they spread their asking, so that a full house costs no more than a few desks do.
// A board that is watched asks as soon as it hears.

import { partsNamed, refresh } from "./parts.js";

const FOR_ALL = new Set(["queue", "call_back", "voice_message"]);
const DESKS_A_SECOND = 50;
const AT_LEAST = 40;

const wanted = new Set();
let turn = 0;

// A text's progress is told to all too; the page that shows the text waits for it.
export function isForAll(news) {
  if (news.kind === "message") return !document.querySelector(`[data-message="${CSS.escape(news.subject)}"]`);
  return FOR_ALL.has(news.kind);
}

function wait() {
  const desks = Number(document.querySelector("[data-desks]")?.dataset.desks) || 1;
  if (partsNamed("board").length) return AT_LEAST;
  return AT_LEAST + Math.random() * 2000 * (desks / DESKS_A_SECOND);
}

export function drawInTurn(names) {
  names.forEach((name) => wanted.add(name));
  if (turn) return;
  turn = setTimeout(() => {
    turn = 0;
    const asked = [...wanted];
    wanted.clear();
    if (asked.length) refresh(...asked);
  }, wait());
}
