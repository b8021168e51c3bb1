// The messages that came to one phone, and how many of them were not looked at yet.

import { languageOf, word } from "./words.js";

export class Messages {
  constructor(box, badge, isSeen) {
    this.box = box;
    this.badge = badge;
    this.isSeen = isSeen; // whether the person sees the box now
    this.count = 0;
    this.looked = 0;
    new ResizeObserver(() => this.scroll()).observe(box);
  }

  clear() {
    for (const shown of this.box.querySelectorAll(".text")) shown.remove();
    this.count = this.looked = 0;
    this.show([]);
  }

  show(texts) {
    for (const text of texts.slice(this.count)) this.box.append(bubble(text));
    this.count = texts.length;
    this.box.querySelector(".empty").hidden = this.count > 0;
    this.scroll();
    this.look();
  }

  look() {
    if (this.isSeen()) this.looked = this.count;
    const unread = this.count - this.looked;
    this.badge.hidden = unread === 0;
    this.badge.textContent = word("unread", { count: unread });
  }

  scroll() {
    this.box.scrollTop = this.box.scrollHeight;
  }
}

// Addresses can be followed, as on a telephone.
const ADDRESS = /(https?:\/\/\S*[^\s.,;:!?)।])/;

function withLinks(body) {
  return body.split(ADDRESS).map((part, nth) => {
    if (nth % 2 === 0) return part;
    return Object.assign(document.createElement("a"), { href: part, textContent: part, target: "_blank", rel: "noopener noreferrer" });
  });
}

function bubble({ from, body, at }) {
  const text = document.createElement("article");
  const top = document.createElement("header");
  const who = document.createElement("span");
  const when = document.createElement("time");
  const words = document.createElement("p");
  text.className = "text";
  who.textContent = from || "";
  when.textContent = at ? new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : "";
  words.append(...withLinks(body || ""));
  words.lang = languageOf(body || "");
  top.append(who, when);
  text.append(top, words);
  return text;
}
