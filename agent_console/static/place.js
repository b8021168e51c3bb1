// A place typed in any script and spelling chooses from the list beside it. The list alone does without this.

import { askJson } from "./ask.js";

const PAUSE = 200;
let timer = 0;
let asked = 0;

async function look(field) {
  const mine = ++asked;
  const typed = field.value.trim();
  const select = document.getElementById("place");
  const note = document.getElementById("place-note");
  if (typed.length < 2) {
    note.hidden = true;
    return;
  }
  const answer = await askJson(`${field.dataset.places}?q=${encodeURIComponent(typed)}`).catch(() => null);
  // A slow answer to fewer letters must not undo a quick one to more, nor choose in a form that has left the screen.
  if (!answer || mine !== asked || !select.isConnected) return;
  note.hidden = answer.codes.length > 0;
  if (!answer.codes.length) return;
  const first = select.options[0];
  const found = answer.codes.map((code) => [...select.options].find((one) => one.value === code)).filter(Boolean);
  first.after(...found);
  if (!found.length || select.value === found[0].value) return;
  select.value = found[0].value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "place-typed") return;
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE, event.target);
});
