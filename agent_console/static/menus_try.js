// A keypad that plays the draft. The server plays the whole call anew with each key: nothing of it is kept there, so that a
// change of the draft is heard at once, and a server that starts anew loses nothing.

import { Refused, post, say } from "./ask.js";
import { tell } from "./console.js";

const byId = (id) => document.getElementById(id);
const sound = new Audio();
let playing = [];

function playNext() {
  const next = playing.shift();
  if (!next) return;
  sound.src = next;
  sound.play().catch(() => undefined);
}

sound.addEventListener("ended", playNext);
sound.addEventListener("error", playNext); // the words stand on the page in any case

function silence() {
  playing = [];
  sound.pause();
}

// `save` keeps what was typed, `light` shows where the call stands, `take` shows a draft that has changed.
export function setUpTry({ save, light, take, version }) {
  const panel = byId("try");
  if (!panel) return;
  const form = byId("try-setting");
  let moves = [];
  let began = false;

  function row(words, lang, isOwn) {
    const line = document.createElement("li");
    line.lang = lang;
    line.className = isOwn ? "own" : "";
    line.textContent = words;
    byId("heard").append(line);
    line.scrollIntoView({ block: "nearest" });
  }

  function show(answer) {
    for (const line of answer.lines) row(line.words, line.language, false);
    silence();
    playing = answer.lines.map((line) => `${panel.dataset.sound}?${new URLSearchParams({ language: line.language, units: line.units })}`);
    if (byId("try-sound").checked) playNext();
    light(answer.step);
    byId("try-at").textContent = say("js.flows.try.at", { step: answer.step, seconds: answer.seconds });
    for (const button of panel.querySelectorAll("[data-when]")) button.disabled = !button.dataset.when.split(" ").includes(answer.waits);
    byId("try-over").hidden = answer.waits !== "over";
    byId("keep-call").hidden = false;
  }

  function sent() {
    const data = new FormData(form);
    data.set("moves", JSON.stringify(moves));
    return data;
  }

  async function play(move) {
    const before = moves;
    if (move) moves = [...moves, move];
    tell("");
    try {
      await save();
      show(await post(panel.dataset.url, sent()));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      moves = before;
      tell(error.message);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    moves = [];
    began = true;
    byId("heard").replaceChildren();
    play();
  });

  let typed = "";
  function pressed(key) {
    // Digits of a number come one after the other: they are sent when the caller pauses, as a telephone does.
    typed += key;
    byId("try-typed").textContent = typed;
    clearTimeout(pressed.timer);
    pressed.timer = setTimeout(() => {
      const keys = typed;
      typed = "";
      byId("try-typed").textContent = "";
      row(keys, "", true);
      play(["press", keys]);
    }, 700);
  }

  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-move]");
    if (!button || !began) return;
    const move = JSON.parse(button.dataset.move);
    if (move[0] === "press") return pressed(move[1]);
    row(button.textContent.trim(), "", true);
    play(move);
  });

  panel.addEventListener("keydown", (event) => {
    if (!began || event.ctrlKey || event.altKey || event.target.closest("input, select")) return;
    if (!/^[0-9*#]$/.test(event.key)) return;
    event.preventDefault();
    const button = panel.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
    if (!button.disabled) pressed(event.key);
  });

  panel.addEventListener("toggle", () => {
    if (panel.open) return;
    silence();
    light("");
  });

  byId("keep-call").addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const data = sent();
    data.set("title", byId("call-title").value);
    try {
      await save();
      data.set("version", version());
      take(await post(panel.dataset.keep, data));
      byId("call-title").value = "";
      row(say("js.flows.try.kept"), "", true);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      tell(error.message);
    }
  });
}
