// The representative's desk: rings, answers, speaks, ends.

import { askJson, onReachable, post, say } from "./ask.js";
import { now } from "./clock.js";
import { tell } from "./console.js";
import { draftOpened, saveNow } from "./draft.js";
import "./note.js";
import "./headset_check.js";
import { onTakeIn } from "./left_over.js";
import { onMicrophoneAsked, tellMicrophone } from "./microphone.js";
import { claim, isHeld, onHeld } from "./one_tab.js";
import { onRedrawn, refresh } from "./parts.js";
import { mayRing, ring, stopRing, wakeSound } from "./ring.js";
import "./place.js";
import { NoVoice, softphone } from "./softphone.js";

const GUARD_MS = 1000;
const phone = softphone(() => askJson("/desk/voice-token"));
let call = null;
let muted = false;
let connecting = false;
let ending = 0;

function find(selector) {
  return document.querySelector(selector);
}

async function speakWith(ticket) {
  connecting = true;
  showVoice();
  try {
    call?.hangUp();
    const mine = await phone.connect(ticket);
    call = mine;
    muted = false;
    mine.onLevel(showLevel);
    let wasOpen = false;
    mine.onState((state) => {
      const isLost = state === "closed" && call === mine;
      if (isLost) call = null;
      showVoice();
      if (isLost && wasOpen) comeBack();
      else refresh("call", "facts");
      wasOpen = state === "open";
    });
  } catch (error) {
    if (!(error instanceof NoVoice)) throw error;
    tell(say("js.no_voice"));
  } finally {
    connecting = false;
    showVoice();
  }
}

// After a reload the talk goes on at the server, and this page has no voice: say so, and come in again.
function showVoice() {
  const away = find("#voice-away");
  if (!away) return;
  const silent = !call && !connecting && isHeld();
  away.hidden = !silent;
  find("[data-rejoin]").hidden = !silent;
  showMute();
}

function showMute() {
  const button = find("#mute");
  if (!button) return;
  const isSilent = !call?.mute || call.state === "closed";
  button.setAttribute("aria-pressed", String(muted));
  button.querySelector("span").textContent = muted ? button.dataset.muted : button.dataset.open;
  find("#muted").hidden = isSilent || !muted;
  find("#own-voice").hidden = isSilent;
}

function showLevel(loudness) {
  const meter = find("#level-meter");
  if (meter) meter.value = loudness;
}

function toggleMute() {
  if (!find("#mute") || find("#own-voice").hidden) return !!call;
  muted = !muted;
  call.mute(muted);
  tellMicrophone();
  showMute();
  return true;
}

function rejoin() {
  const form = find("[data-rejoin]");
  if (form && !call && !connecting && isHeld()) form.requestSubmit();
}

// The voice was cut off: by the network, a shut lid, another tab. First the server says whether this page is still the desk
// and the talk still goes on. What never opened is not tried again by itself, but when the server answers again.
async function comeBack() {
  await claim();
  await refresh("call", "facts");
  rejoin();
}

function showRing() {
  const alarm = find("[data-ring]");
  if (alarm && isHeld()) ring(alarm.dataset.words);
  else stopRing();
  const silent = find("#silent");
  if (silent) silent.hidden = mayRing();
}

// The middle column shows the draft that was asked for, else the newest of the talk: without a new page, which would cut
// the voice.
function askFor(draft = "") {
  const part = find("[data-part=work]");
  const query = draft ? `?draft=${draft}` : "";
  part.dataset.url = part.dataset.url.split("?")[0] + query;
  history.replaceState(null, "", location.pathname + query);
}

document.addEventListener("acted", (event) => {
  const { form, answer } = event.detail;
  if (answer.draft || form.matches("#discard-draft")) {
    askFor(answer.draft);
    delete answer.go;
  }
  // A new caller's words must never come into another one's draft.
  if (form.matches("[data-answer]")) askFor();
  if (answer.ticket) speakWith(answer.ticket);
  if (form.matches("[data-end]")) {
    call?.hangUp();
    call = null;
  }
  if (form.matches("[data-answer]")) stopRing();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#mute")) toggleMute();
});

document.addEventListener("click", async (event) => {
  const matter = event.target.closest("a[data-matter]");
  if (!matter || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await showForm(matter.dataset.matter);
});

async function showForm(draft) {
  await saveNow();
  askFor(draft);
  await refresh("work");
}

onTakeIn(showForm, saveNow);

// The link is meant for the form on the screen, whichever matter of the talk that is by now.
document.addEventListener("submit", (event) => {
  const shown = find("#draft");
  if (event.target.matches("[data-about]") && shown) event.target.elements.draft.value = shown.dataset.draft;
}, { capture: true });

// End has a guard of one second: pressing again within it takes the end back. The part may be redrawn meanwhile.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-end]") || form.dataset.sure) return;
  event.preventDefault();
  clearTimeout(ending);
  ending = ending ? 0 : setTimeout(endNow, GUARD_MS);
  showEnding();
}, { capture: true });

async function endNow() {
  ending = 0;
  showEnding();
  await saveNow();
  const form = find("[data-end]");
  if (!form) return;
  form.dataset.sure = "yes";
  form.requestSubmit();
  delete form.dataset.sure;
}

function showEnding() {
  const button = find("[data-end] button");
  if (!button) return;
  const words = button.querySelector("span");
  words.dataset.before ||= words.textContent;
  words.textContent = ending ? say("js.ending") : words.dataset.before;
  button.classList.toggle("armed", !!ending);
}

// When the time of wrap-up is up, what is written goes in with it: the server ends wrap-up by itself and knows no more.
function endWrapUp() {
  const form = find("#wrap-form");
  const until = find(".wrap_up .timer")?.dataset.until;
  if (!form || !until || form.dataset.late || Number(until) - now() > 1.5) return;
  form.dataset.late = "yes";
  const data = new FormData(form);
  data.set("time_is_up", "yes");
  post(form.action, data).then(() => refresh(), (error) => tell(error.message));
}

function press(selector) {
  const form = find(selector);
  if (!form || form.hidden) return false;
  const button = [...form.elements].find((one) => one.matches("button:not(:disabled)"));
  if (button) form.requestSubmit(button);
  else if (form.dataset.early) tell(form.dataset.early);
  return true;
}

// To whom a caller can go is read anew: colleagues become ready and busy meanwhile.
function openTransfer() {
  const ways = find("#transfer");
  if (!ways) return !!find("#handing");
  if (ways.dataset.early) {
    tell(ways.dataset.early);
    return true;
  }
  ways.open = !ways.open;
  if (ways.open) refresh("call").then(() => find("#transfer select")?.focus());
  return true;
}

document.addEventListener("keydown", (event) => {
  // A plain Enter in a field must not register what is half told.
  if (event.key === "Enter" && !event.ctrlKey && event.target.matches("[data-register] input")) event.preventDefault();
  if (event.repeat || !find("#elsewhere").hidden) return;
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  let done = false;
  if (event.code === "F2" && plain && !event.shiftKey) done = press("[data-answer]") || press("[data-ready]") || press("#wrap-form");
  else if (event.code === "F2" && plain && event.shiftKey) done = press("[data-end]");
  else if (event.code === "F4" && plain && !event.shiftKey) done = toggleMute();
  else if (event.code === "F8" && plain && !event.shiftKey) done = press("[data-hold]");
  else if (event.code === "F8" && plain && event.shiftKey) done = press("[data-recording]");
  else if (event.code === "F9" && plain && !event.shiftKey) done = openTransfer();
  else if (event.code === "KeyL" && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) done = press("[data-about]");
  else if (event.code === "F9" && plain && event.shiftKey) done = press("[data-help]");
  else if ((event.code === "Enter" || event.code === "NumpadEnter") && event.ctrlKey) done = press("[data-register]");
  if (done) event.preventDefault();
});

document.addEventListener("pointerdown", () => wakeSound().then(showRing), { once: true });
document.addEventListener("keydown", () => wakeSound().then(showRing), { once: true });

addEventListener("beforeunload", (event) => {
  if (call) event.preventDefault();
});

onRedrawn((part) => {
  if (part.dataset.part === "call") {
    showRing();
    showVoice();
    showEnding();
    if (!find("[data-end]") && call) {
      call.hangUp();
      call = null;
    }
  }
  if (part.dataset.part === "work") draftOpened();
});

onHeld((held) => {
  if (held) {
    phone.open();
    rejoin();
  } else {
    call?.hangUp();
    phone.close();
  }
  showRing();
  showVoice();
});

onMicrophoneAsked(() => call?.state === "open" && call.microphone());
onReachable((reachable) => reachable && comeBack());

setInterval(endWrapUp, 500);
draftOpened();
claim();
