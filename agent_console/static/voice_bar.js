// The bar that says how the voice line is, and what to do about it. Nothing is said while all is well.

import { say } from "./ask.js";

const WORDS = {
  not_allowed: () => say("js.voice_not_allowed"),
  unavailable: () => say("js.voice_unavailable"),
  offline: () => say("js.voice_offline"),
  reconnecting: () => say("js.voice_reconnecting"),
  no_microphone: () => say("js.voice_no_microphone"),
};

let line = "";
let shaky = false; // the call's own connection is being made anew; the line may be well or not
let deaf = false;
let door = "";

// `where` is the host and port of the local network's voice, which a person is led to.
export function showLine(now, where) {
  line = now;
  door = where || door;
  show();
}

// `isWell`: the call has its connection, or needs none any more.
export function showCall(isWell) {
  shaky = !isWell;
  show();
}

export function onMicrophone(isOpen) {
  deaf = !isOpen;
  show();
}

function show() {
  const bar = document.getElementById("voice-line");
  const now = line || (shaky && "reconnecting") || (deaf && "no_microphone") || "";
  bar.hidden = !now;
  bar.dataset.now = now;
  if (!now) return;
  bar.querySelector("span").textContent = WORDS[now]();
  const link = bar.querySelector("a");
  link.hidden = now !== "not_allowed";
  link.href = `https://${door}/page/allowed.html`;
}
