// What was said and pressed on a call, as it comes. Words that follow each other in one language are one line.

import { word } from "./words.js";

const SENTENCE = /[.!?।:]\s*$/;

export class Transcript {
  constructor(box) {
    this.box = box;
    new ResizeObserver(() => this.scroll()).observe(box);
    this.last = null; // the line or key press that may still grow
  }

  clear() {
    for (const shown of [...this.box.children]) if (!shown.matches(".empty")) shown.remove();
    this.box.querySelector(".empty").hidden = false;
    this.last = null;
  }

  addWords(text, language) {
    if (!this.last?.matches(".line") || this.last.lang !== language) {
      this.last = this.put("p", "line");
      this.last.lang = language;
    }
    const said = document.createElement("span");
    said.textContent = `${text.trim()} `;
    said.classList.toggle("sentence", SENTENCE.test(text));
    this.last.append(said);
    this.scroll();
  }

  addKeys(key) {
    if (!this.last?.matches(".keys")) {
      this.last = this.put("p", "keys");
      this.last.dataset.keys = "";
    }
    this.last.dataset.keys += key;
    this.last.textContent = word("you_pressed", { keys: this.last.dataset.keys });
    this.scroll();
  }

  addNote(name, given) {
    if (this.last?.matches(".note") && this.last.dataset.note === name) return;
    this.last = this.put("p", "note");
    this.last.dataset.note = name;
    this.last.dataset.given = JSON.stringify(given);
    this.last.textContent = word(name, given);
    this.scroll();
  }

  translate() {
    for (const note of this.box.querySelectorAll(".note")) {
      note.textContent = word(note.dataset.note, JSON.parse(note.dataset.given));
    }
    for (const keys of this.box.querySelectorAll(".keys")) {
      keys.textContent = word("you_pressed", { keys: keys.dataset.keys });
    }
  }

  put(name, kind) {
    const element = document.createElement(name);
    element.className = kind;
    this.box.querySelector(".empty").hidden = true;
    this.box.append(element);
    return element;
  }

  scroll() {
    this.box.scrollTop = this.box.scrollHeight;
  }
}
