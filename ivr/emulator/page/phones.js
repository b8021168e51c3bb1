// The page: the phones on it, its language, its sound. All of it is remembered in this browser.

import * as exchange from "./exchange.js";
import { Phone } from "./phone.js";
import { isOn, turn } from "./sound.js";
import { LANGUAGES, choose, fill, word } from "./words.js";

const FIRST = 9830012345; // made-up numbers: this one and the next ones
const MOST = 6;

const phones = [];
const element = (id) => document.getElementById(id);
let line = "+919137091370";

function remember() {
  localStorage.setItem("phones", JSON.stringify(phones.map((phone) => phone.number)));
}

function add(number) {
  const phone = new Phone(number, line, {
    changed: remember,
    lost: () => showLost(true),
    reached: () => showLost(false),
    remove,
  });
  phones.push(phone);
  element("phones").append(phone.element);
  refresh();
  return phone;
}

function remove(phone) {
  phone.close();
  phones.splice(phones.indexOf(phone), 1);
  refresh();
  element("add").focus();
}

function refresh() {
  remember();
  element("add").disabled = phones.length >= MOST;
  for (const phone of phones) phone.find(".remove").hidden = phones.length < 2;
}

function unused() {
  const taken = new Set(phones.map((phone) => phone.number));
  let number = FIRST;
  while (taken.has(`+91${number}`)) number += 1;
  return `+91${number}`;
}

function showLost(lost) {
  if (element("lost").hidden !== lost) return;
  element("lost").hidden = !lost;
  element("lost").textContent = word("lost");
}

function translate(language) {
  choose(language);
  localStorage.setItem("language", language);
  fill(document);
  for (const phone of phones) phone.translate();
  showSound();
}

function showSound() {
  element("sound").setAttribute("aria-pressed", String(isOn()));
  element("sound").querySelector(".sound-word").textContent = word(isOn() ? "sound_on" : "sound_off");
  for (const phone of phones) {
    phone.earpiece.mute();
    phone.line?.mute();
  }
}

// Keys of the keyboard go to the phone that has the focus, else to the only one with a call.
function typeKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("select, input:not([readonly])")) return;
  const here = phones.find((phone) => phone.element.contains(event.target));
  const talking = phones.filter((phone) => phone.sid);
  const phone = here || (talking.length === 1 ? talking[0] : null);
  if (phone?.type(event.key)) event.preventDefault();
}

async function start() {
  const about = await exchange.about().catch(() => ({}));
  // From here on all at once: nothing stands on the page that does not listen yet.
  for (const [code, name] of Object.entries(LANGUAGES)) {
    const option = new Option(name, code);
    option.lang = code;
    element("language").append(option);
  }
  line = about.number || line;
  Phone.voice = Boolean(about.voice);
  element("desk").hidden = !about.desk_url;
  element("desk").href = about.desk_url || "";
  const known = localStorage.getItem("language") || navigator.language.split("-")[0];
  choose(known);
  const saved = JSON.parse(localStorage.getItem("phones") || "[]");
  for (const number of saved.length ? saved : [unused()]) add(number);
  element("language").value = document.documentElement.lang;
  translate(document.documentElement.lang);
  element("language").addEventListener("change", (event) => translate(event.target.value));
  element("add").addEventListener("click", () => add(unused()).find(".call").focus());
  element("sound").addEventListener("click", () => {
    turn(!isOn());
    showSound();
  });
  document.addEventListener("keydown", typeKey);
}

start();
