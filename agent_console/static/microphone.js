// What the server is told of this page's microphone: at once where it changed, and with each sign of life, which mends
// what was lost. A page without voice says nothing, and then nobody claims to know.

import { post } from "./ask.js";

const AT_MOST_EVERY = 1000;
let ask = () => null;
let timer = 0;
let last = 0;

// `read()` -> {leg, muted} of the call that is open, or null.
export function onMicrophoneAsked(read) {
  ask = read;
}

export function microphoneNow() {
  const now = ask();
  return now?.leg ? { leg: now.leg, muted: now.muted ? "yes" : "no" } : {};
}

// Of many presses in a second the last one counts.
export function tellMicrophone() {
  if (!timer) timer = setTimeout(send, Math.max(0, last + AT_MOST_EVERY - Date.now()));
}

async function send() {
  timer = 0;
  last = Date.now();
  await post("/desk/microphone", microphoneNow()).catch(() => undefined);
}
