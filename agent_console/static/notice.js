// A notice of the machine when a call rings and nobody sees the page. It names language and kind, and never a person.

import { say } from "./ask.js";
import { onRedrawn } from "./parts.js";

const KEPT = "notice"; // "off" once somebody has turned notices off on this machine
let able = "Notification" in window;
let shown = null;

function state() {
  if (!able) return "unable";
  if (Notification.permission === "denied") return "blocked";
  return Notification.permission === "granted" && localStorage.getItem(KEPT) !== "off" ? "on" : "off";
}

function ringing() {
  const isElsewhere = !document.getElementById("elsewhere").hidden;
  return isElsewhere ? null : document.querySelector("[data-part=facts] [data-offer]");
}

function takeBack() {
  shown?.notice.close();
  shown = null;
}

function show(offer) {
  takeBack();
  const about = { body: offer.dataset.about, lang: document.documentElement.lang, tag: "call", requireInteraction: true };
  try {
    shown = { offer: offer.dataset.offer, notice: new Notification(say("js.notice_title"), about) };
  } catch {
    able = false; // browsers of telephones have the name and not the thing
    return showSetting();
  }
  shown.notice.onclick = () => {
    window.focus();
    document.querySelector("[data-answer-link]")?.click();
  };
}

function look() {
  const offer = ringing();
  if (!offer || !document.hidden || state() !== "on") takeBack();
  else if (shown?.offer !== offer.dataset.offer) show(offer);
}

function showSetting() {
  const line = document.getElementById("notice-setting");
  if (!line) return;
  const now = state();
  const told = { on: say("js.notice_on"), off: say("js.notice_off"), blocked: say("js.notice_blocked"), unable: say("js.notice_unable") };
  line.dataset.now = now;
  line.querySelector("span").textContent = told[now];
  const button = line.querySelector("button");
  button.hidden = now === "blocked" || now === "unable";
  button.textContent = now === "on" ? say("js.notice_turn_off") : say("js.notice_turn_on");
  line.hidden = false;
}

async function turn() {
  if (state() === "on") {
    localStorage.setItem(KEPT, "off");
  } else {
    localStorage.removeItem(KEPT);
    // Browsers ask the person only after a click, and so do we.
    if (Notification.permission === "default") await Notification.requestPermission();
  }
  showSetting();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#notice-setting button")) turn();
});
document.addEventListener("visibilitychange", look);
addEventListener("pagehide", takeBack);
onRedrawn((part) => {
  if (part.dataset.part === "facts") look();
  if (part.dataset.part === "call") showSetting();
});
showSetting();
look();
