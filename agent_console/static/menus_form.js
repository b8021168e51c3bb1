// The form of a step: each change of it is done to the text by the server, and the form is drawn anew from that.

import { Refused, askHtml, say } from "./ask.js";
import { tell } from "./console.js";

const PAUSE = 350;
const byId = (id) => document.getElementById(id);

export class StepForm {
  // `picked()` is the step that is shown, `pick(name)` shows another one, `saving()` tells that something is typed,
  // `drawn()` that the form is another one.
  constructor(draft, url, { picked, pick, saving, drawn }) {
    Object.assign(this, { draft, url, picked, pick, saving, drawn });
    this.place = byId("step");
    this.typing = new Map();
    this.asked = 0; // forms; an answer that comes after that of a later one is not shown
    this.place.addEventListener("change", ({ target }) => {
      if (target.dataset.do) this.act({ ...JSON.parse(target.dataset.do), value: target.value });
    });
    this.place.addEventListener("click", ({ target }) => {
      const button = target.closest("button[data-do], button[data-still]");
      if (button?.dataset.still) this.keepWords(byId(button.dataset.still));
      else if (button) this.act(JSON.parse(button.dataset.do));
    });
    this.place.addEventListener("input", ({ target }) => target.matches("[data-say] textarea") && this.typed(target));
    this.place.addEventListener("focusout", ({ target }) => target.matches("[data-say] textarea") && this.leave(target));
    document.addEventListener("submit", (event) => this.submit(event), { capture: true });
    this.setUpNewStep();
  }

  async act(wanted) {
    const isDone = await this.draft.act(wanted);
    if (isDone) await this.show();
    return isDone;
  }

  // The form as the text has it now; nothing where no answer came, or a later one was asked for.
  async ask() {
    this.asked += 1;
    const mine = this.asked;
    try {
      const drawn = await askHtml(`${this.url}?${new URLSearchParams({ name: this.picked() })}`);
      return mine === this.asked ? drawn : "";
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return "";
    }
  }

  async show() {
    if (!this.picked()) return;
    const focused = this.place.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...this.place.querySelectorAll("details[open]")].map((one) => one.id);
    const drawn = await this.ask();
    if (!drawn) return;
    const typed = [...this.typing.keys()]; // since the form was asked for
    this.place.innerHTML = drawn;
    for (const one of this.place.querySelectorAll("details")) one.open = open.includes(one.id);
    typed.forEach((field) => this.keepTyping(field));
    if (focused) byId(focused)?.focus();
    this.drawn();
  }

  // The same field of the new form has the words that were typed into the old one, and sends them in its stead.
  keepTyping(field) {
    const now = byId(field.id);
    if (now?.closest("[data-say]")?.dataset.say !== field.closest("[data-say]").dataset.say) return this.sendWords(field);
    const { selectionStart: start, selectionEnd: end } = field;
    clearTimeout(this.typing.get(field));
    this.typing.delete(field);
    now.value = field.value;
    this.typed(now);
    now.setSelectionRange(start, end);
  }

  // ---- the words of a prompt

  typed(field) {
    clearTimeout(this.typing.get(field));
    // A prompt without words is none: nothing is sent until there are some.
    if (!field.value.trim()) return this.typing.delete(field);
    this.saving();
    this.typing.set(field, setTimeout(() => this.sendWords(field), PAUSE));
  }

  async sendWords(field) {
    clearTimeout(this.typing.get(field));
    this.typing.delete(field);
    const words = field.value;
    const { say: prompt } = field.closest("[data-say]").dataset;
    const isDone = await this.draft.act({ do: "say", prompt, words: { [field.dataset.language]: words } });
    if (!isDone) return;
    field.defaultValue = words;
    if (!this.isTyping) await this.showMarks();
  }

  // A translation is compared with its source, and stays as it is.
  async keepWords(field) {
    field.focus();
    await this.sendWords(field);
  }

  // Words that were changed make those of other languages stale, or no longer so; what is typed meanwhile stays.
  async showMarks() {
    const drawn = await this.ask();
    if (!drawn) return;
    for (const mark of new DOMParser().parseFromString(drawn, "text/html").querySelectorAll(".said-mark")) {
      const own = byId(mark.id);
      if (!own || own.dataset.mark === mark.dataset.mark) continue;
      own.replaceWith(mark);
      byId(mark.id.replace(/-mark$/, "")).toggleAttribute("aria-invalid", mark.dataset.mark === "missing");
    }
  }

  leave(field) {
    if (this.typing.has(field)) return this.sendWords(field);
    if (field.value.trim() || !field.defaultValue) return;
    field.value = field.defaultValue;
    this.draft.tellSaved();
    tell(say("js.flows.needs_words"));
  }

  get isTyping() {
    return this.typing.size > 0;
  }

  sendAll() {
    for (const field of [...this.typing.keys()]) this.sendWords(field);
  }

  // ---- what is added

  async submit(event) {
    const form = event.target;
    const wanted = this.actOf(form, Object.fromEntries(new FormData(form)));
    if (!wanted) return;
    event.preventDefault();
    event.stopPropagation();
    if (!(await this.act(wanted))) return;
    form.reset();
    const details = form.closest("details");
    if (details && byId(details.id)) byId(details.id).open = false;
    if (wanted.name) this.pick(wanted.name);
  }

  actOf(form, told) {
    const step = this.picked();
    const path = ["steps", step];
    if (form.dataset.addChoice) {
      const words = Object.fromEntries(Object.entries(told).filter(([name]) => form.elements[name].lang));
      const prompt = `${step}_${told.name}`.slice(0, 60);
      return { do: "add_choice", step, key: told.key, prompt, words, value: told.notes ? told.name : "", go: told.go };
    }
    if (form.dataset.addRow) return { do: "add_item", path: [...path, "decide"], value: { when: told.when, go: told.go } };
    if (form.dataset.addWord) return { do: "add", path, key: told.key, value: told.value };
    if (form.dataset.rename) return { do: "rename", step, name: told.name };
    if (form.id !== "new-step") return null;
    const fields = [...form.querySelectorAll("textarea[data-language]")].filter((field) => field.value.trim());
    const words = Object.fromEntries(fields.map((field) => [field.dataset.language, field.value]));
    const { verb, name, ...rest } = told;
    return { do: "add_step", name, verb, told: rest, words: rest.says ? { [rest.says]: words } : {}, after: step };
  }

  setUpNewStep() {
    const verb = byId("s-verb");
    if (!verb) return;
    const showAsked = () => {
      const asked = verb.selectedOptions[0].dataset.asks.split(" ");
      for (const field of document.querySelectorAll("#new-step [data-asked]")) field.hidden = !asked.includes(field.dataset.asked);
    };
    verb.addEventListener("change", showAsked);
    showAsked();
  }
}
