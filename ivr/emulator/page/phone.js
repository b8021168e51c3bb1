// One phone: a card with its number, its call, its keypad and its messages.

import * as exchange from "./exchange.js";
import { buildKeypad, buildRecorder, flash, isKey } from "./keypad.js";
import { Line } from "./line.js";
import { Messages } from "./messages.js";
import { readable, toE164 } from "./numbers.js";
import { Earpiece, beep, keyTone, ring } from "./sound.js";
import { Transcript } from "./transcript.js";
import { fill, languageOf, word } from "./words.js";

const LOOK_EVERY = 1000; // ms
const RING_EVERY = 2800; // ms
const OVER = { busy: "busy", failed: "failed", "no-answer": "no_answer", canceled: "canceled" };
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Phone {
  static talking = 0; // phones of this page with a call: the browser opens six connections at most
  static voice = false; // whether the exchange carries voices

  constructor(number, to, hooks) {
    this.hooks = hooks;
    this.number = number;
    this.sid = null; // of the live call
    this.ringing = null; // of the call that rings here
    this.rang = 0; // when
    this.last = null; // the call that was followed last
    this.deaf = false;
    this.line = null; // the voice of the live call
    this.said = "idle"; // the status, by the key of its words
    this.closed = new AbortController();
    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.earpiece = new Earpiece(() => this.sid && this.transcript.addNote("no_voice", {}));
    this.transcript = new Transcript(this.find(".transcript"));
    this.messages = new Messages(this.find(".texts"), this.find(".unread"), () => this.showsTexts());
    this.find(".own-number").value = readable(number);
    this.find(".to-number").value = readable(to);
    buildKeypad(this.find(".keypad"), (key) => this.press(key));
    buildRecorder(
      this.find(".recorder-buttons"),
      (seconds) => this.speak(seconds),
      (key) => this.press(key),
    );
    this.attend();
    this.setState("idle", "idle");
    this.translate();
    this.watch();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  // ---- what the person does

  attend() {
    const on = (selector, type, act) => this.find(selector).addEventListener(type, act);
    on(".call", "click", () => this.dial());
    on(".hang-up", "click", () => this.tell(() => exchange.hangUp(this.sid)));
    on(".answer", "click", () => this.answer());
    on(".incoming .reject", "click", () => this.tell(() => exchange.reject(this.ringing)));
    on(".remove", "click", () => this.hooks.remove(this));
    on(".show-call", "click", () => this.show("call"));
    on(".show-texts", "click", () => this.show("texts"));
    on(".own-number", "change", () => this.renumber());
    on(".numbers", "submit", (event) => {
      event.preventDefault();
      this.dial();
    });
    on(".numbers", "keydown", (event) => event.key === "Enter" && this.dial());
  }

  // A key of the keyboard; true if it was for this phone.
  type(key) {
    if (!this.sid || !isKey(key)) return false;
    this.press(key);
    return true;
  }

  async dial() {
    const number = toE164(this.find(".own-number").value);
    const to = toE164(this.find(".to-number").value);
    this.complain(number && to ? "" : word("bad_number"), number ? ".to-number" : ".own-number");
    if (!number || !to || this.element.dataset.state !== "idle") return;
    this.renumber();
    this.transcript.clear();
    this.show("call");
    this.setState("calling", "calling");
    const made = await this.tell(() => exchange.dial(number, to, this.find(".withheld").checked, Phone.voice));
    if (!made) this.setState("idle", "failed");
    else if (!this.sid) this.follow(made.call_sid);
  }

  async answer() {
    const sid = this.ringing;
    this.transcript.clear();
    this.show("call");
    if ((await this.tell(() => exchange.answer(sid))) && !this.sid) this.follow(sid);
  }

  async press(key) {
    keyTone(key);
    flash(this.find(".keypad"), key);
    this.earpiece.stop();
    this.transcript.addKeys(key);
    await this.tell(() => exchange.press(this.sid, key));
  }

  async speak(seconds) {
    const buttons = this.element.querySelectorAll(".recorder-buttons [data-seconds]");
    for (const button of buttons) button.disabled = true;
    this.transcript.addNote("you_spoke", { seconds });
    this.setState("recording", "speaking");
    this.find(".meter span").animate([{ width: "0%" }, { width: "100%" }], { duration: seconds * 1000 });
    await this.tell(() => exchange.speak(this.sid, seconds));
    await pause(seconds * 1000);
    for (const button of buttons) button.disabled = false;
  }

  renumber() {
    const number = toE164(this.find(".own-number").value);
    this.complain(number ? "" : word("bad_number"), ".own-number");
    if (!number || number === this.number) return;
    this.number = number;
    this.find(".own-number").value = readable(number);
    this.messages.clear();
    this.translate();
    this.hooks.changed();
  }

  show(pane) {
    this.element.dataset.show = pane;
    this.find(".show-call").setAttribute("aria-pressed", String(pane === "call"));
    this.find(".show-texts").setAttribute("aria-pressed", String(pane === "texts"));
    this.messages.look();
  }

  showsTexts() {
    return this.element.dataset.show === "texts" || getComputedStyle(this.find(".switch")).display === "none";
  }

  // ---- what the exchange says

  async tell(act) {
    try {
      const said = await act();
      this.complain("");
      return said;
    } catch (error) {
      this.complain(word("refused", { why: error.message }));
      return null;
    }
  }

  async watch() {
    while (!this.closed.signal.aborted) {
      const number = this.number;
      try {
        const now = await exchange.look(number);
        this.hooks.reached();
        if (number === this.number) this.take(now);
      } catch {
        this.hooks.lost();
      }
      await pause(LOOK_EVERY);
    }
  }

  take({ calls = [], ringing = [], texts = [] }) {
    const live = calls.find((call) => call.call_sid !== this.last);
    if (!this.sid && live) this.follow(live.call_sid, true); // a reload does not lose the call
    const bell = this.sid ? null : ringing[0];
    if (bell && Date.now() - this.rang > RING_EVERY) {
      this.rang = Date.now();
      ring();
    }
    if ((bell?.call_sid ?? null) !== this.ringing) {
      this.ringing = bell?.call_sid ?? null;
      this.find(".incoming").dataset.from = bell?.from ?? "";
      this.find(".incoming").hidden = !bell;
      this.translate();
    }
    if (texts.length !== this.messages.count) this.messages.show(texts);
  }

  // Of a call that is found under way, only what comes from now on is heard.
  async follow(sid, underWay = false) {
    this.sid = sid;
    this.last = sid;
    this.deaf = underWay;
    if (Phone.voice) this.line = new Line(sid, () => this.earpiece.stop(), () => this.transcript.addNote("no_microphone", {}));
    Phone.talking += 1;
    this.setLive(true);
    this.setState("calling", "calling");
    let next = 0;
    let status = "";
    let over = false;
    while (!over && !this.closed.signal.aborted) {
      try {
        const crowded = Phone.talking > 3;
        const said = await exchange.listen(sid, next, crowded ? 0 : 10, this.closed.signal);
        if (crowded) await pause(500);
        ({ next, status } = said);
        for (const event of said.events) this.hear(event);
        this.deaf = false;
        over = said.events.some((event) => event.kind === "ended");
      } catch (error) {
        over = error instanceof exchange.Refused;
        if (!over) await pause(LOOK_EVERY);
      }
    }
    Phone.talking -= 1;
    this.end(OVER[status] || "ended");
  }

  hear(event) {
    switch (event.kind) {
      case "ringing":
        return this.setState("calling", "ringing");
      case "in-progress":
        this.since = Date.now();
        this.ticking ??= setInterval(() => this.showTime(), 1000);
        return this.setState("connected", "connected");
      case "say":
      case "play":
        return this.hearWords(event);
      case "listening":
        return this.element.dataset.state === "connected" && this.setState("listening", "listening");
      case "gathered":
        return this.element.dataset.state === "listening" && this.setState("connected", "connected");
      case "record":
        return this.setState("recording", "recording");
      case "queue":
        return this.setState("waiting", "waiting");
      case "talk":
      case "bridge":
        this.earpiece.stop();
        return this.setState("talking", "talking");
      case "hold":
        return this.setState("waiting", "on_hold");
      case "beep":
        return beep();
      case "recorded":
      case "left_queue":
      case "left_conference":
        return this.setState("connected", "connected");
      case "keys":
        return event.lost && this.transcript.addNote("key_lost", {});
      case "error":
        return this.transcript.addNote("fault", { why: event.text || event.code });
    }
  }

  hearWords({ kind, text, url, language }) {
    const spoken = (language || languageOf(text || "")).split("-")[0];
    if (text) this.transcript.addWords(text, spoken);
    else this.transcript.addNote("sound", {});
    if (this.deaf || this.line?.isOpen) return;
    if (kind === "play" && url) this.earpiece.play(url);
    else if (text) this.earpiece.play(exchange.sayUrl(text, spoken));
  }

  end(how) {
    this.sid = null;
    this.earpiece.stop();
    this.line?.close();
    this.line = null;
    clearInterval(this.ticking);
    this.ticking = null;
    this.transcript.addNote(how, {});
    this.setState("idle", how);
    this.setLive(false);
  }

  // ---- what the person sees

  setState(state, said) {
    this.element.dataset.state = state;
    this.said = said;
    this.find(".recorder").hidden = state !== "recording";
    this.find(".recorder").toggleAttribute("data-own-voice", Boolean(this.line?.isOpen && this.line.microphone));
    this.find(".keypad").hidden = state === "recording";
    for (const button of this.element.querySelectorAll(".keypad button")) button.disabled = state === "idle";
    if (state === "calling") this.find(".timer").textContent = "";
    this.find(".status").textContent = word(said);
  }

  // Buttons change with it: the focus stays on this phone.
  setLive(live) {
    const focused = this.element.contains(document.activeElement);
    this.element.toggleAttribute("data-live", live);
    for (const input of this.element.querySelectorAll(".field input")) input.readOnly = live;
    if (focused) this.find(live ? ".transcript" : ".call").focus();
  }

  showTime() {
    const seconds = Math.floor((Date.now() - this.since) / 1000);
    this.find(".timer").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  complain(problem, field = "") {
    this.find(".problem").hidden = !problem;
    this.find(".problem").textContent = problem;
    for (const input of this.element.querySelectorAll(".field input")) {
      input.toggleAttribute("aria-invalid", Boolean(problem && field && input.matches(field)));
    }
    if (problem && field) this.find(field).focus();
  }

  translate() {
    fill(this.element);
    const from = this.find(".incoming").dataset.from;
    const incoming = toE164(from || "") ? word("incoming", { from: readable(from) }) : word("incoming_unknown");
    this.element.setAttribute("aria-label", word("phone", { number: readable(this.number) }));
    this.find(".incoming-from").textContent = incoming;
    this.find(".incoming").setAttribute("aria-label", incoming);
    this.find(".status").textContent = word(this.said);
    this.transcript.translate();
    this.messages.look();
  }

  close() {
    this.closed.abort();
    if (this.sid) exchange.hangUp(this.sid).catch(() => {});
    this.earpiece.stop();
    this.line?.close();
    this.element.remove();
  }
}
