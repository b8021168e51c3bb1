// One desk a person. A second one says so and can take over; the server knows which one is the desk.

import { showAlive, tellAlive } from "./alive.js";
import { microphoneNow } from "./microphone.js";
import { refresh } from "./parts.js";

const EVERY = 10000;
const KEPT = "tab";
// Kept over a reload and only then: a copied tab must not pass for this one.
const tab = sessionStorage.getItem(KEPT) || Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");
sessionStorage.removeItem(KEPT);
const line = document.getElementById("elsewhere");
const listeners = new Set();
let held = null;
let claims = 0;

export function onHeld(listener) {
  listeners.add(listener);
  if (held !== null) listener(held);
}

export function isHeld() {
  return held === true;
}

function become(now) {
  line.hidden = now;
  for (const column of document.querySelectorAll(".column")) column.inert = !now;
  if (held === now) return;
  held = now;
  listeners.forEach((listener) => listener(now));
}

// Of two at once the later one counts: an answer to the earlier may be older than what has happened since.
export async function claim(takeOver = false, tell = tellAlive) {
  const turn = ++claims;
  try {
    await tell({ tab, take_over: takeOver ? "yes" : "", ...microphoneNow() });
    if (turn !== claims) return;
    // The tab that was the desk has written on: its words stand here before anybody can write over them.
    if (held === false) await refresh();
    become(true);
  } catch (error) {
    if (error.status === 409 && turn === claims) become(false);
  }
}

line.querySelector("button").addEventListener("click", () => claim(true));
setInterval(claim, EVERY, false, showAlive);
document.addEventListener("news", (event) => event.detail.kind === "desk" && claim());
addEventListener("pagehide", () => {
  sessionStorage.setItem(KEPT, tab);
  const form = new FormData();
  form.set("tab", tab);
  form.set("csrf_token", document.body.dataset.token);
  navigator.sendBeacon("/desk/gone", form);
});
