// The pages of the studio: sounds are played in place, one at a time, and what is typed is not left by mistake.

import { onRedrawn } from "./parts.js";
import { say } from "./ask.js";
import { tell } from "./console.js";

const sound = new Audio();
let playing = null;

function stop() {
  sound.pause();
  if (playing) delete playing.dataset.playing;
  playing = null;
}

sound.addEventListener("ended", stop);
sound.addEventListener("error", () => {
  if (playing) tell(say("js.no_sound_here"));
  stop();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-play]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const again = playing === link;
  stop();
  if (again) return;
  playing = link;
  link.dataset.playing = "";
  sound.src = link.href;
  sound.play().catch(() => undefined);
});

// What works with scripts only is shown by them.
export function reveal() {
  for (const one of document.querySelectorAll("[data-needs-script]")) one.hidden = false;
}

// A file that is too large is told before it is sent.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("input[type=file][data-most]");
  if (!field || ![...field.files].some((file) => file.size > Number(field.dataset.most))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  field.setAttribute("aria-invalid", "true");
  tell(field.dataset.tooBig);
}, { capture: true });

const kept = document.querySelector("form[data-keeps]");
if (kept) {
  let sent = false;
  const isTyped = () => [...kept.elements].some((field) => field.matches("textarea, input:not([type=hidden])") && field.value !== field.defaultValue);
  kept.addEventListener("submit", () => (sent = true));
  addEventListener("beforeunload", (event) => {
    if (!sent && isTyped()) event.preventDefault();
  });
}

onRedrawn(reveal);
reveal();
