// The script: one file at a time, with the numbers of its lines and what is wrong at them.

const byId = (id) => document.getElementById(id);
const ROW = 20; // pixels of a line
const ABOVE = 4; // lines that stay in sight above the one that is gone to

export class Script {
  // `mayRoute`: may change more than words; `onLine(line)` when the caret has moved in the flow's own file.
  constructor(draft, flowFile, { mayRoute, onLine }) {
    Object.assign(this, { draft, flowFile, mayRoute, onLine });
    this.shown = flowFile;
    this.numbered = ""; // what the lines were numbered from
    this.field = byId("script");
    this.gutter = byId("gutter");
    this.field.addEventListener("input", () => {
      draft.type(this.shown, this.field.value);
      this.numberLines();
    });
    this.field.addEventListener("scroll", () => (this.gutter.scrollTop = this.field.scrollTop));
    this.field.addEventListener("click", () => this.followCaret());
    this.field.addEventListener("keyup", ({ key }) => key.startsWith("Arrow") && this.followCaret());
    byId("file").addEventListener("change", ({ target }) => {
      draft.endBurst();
      this.open(target.value);
    });
  }

  open(file) {
    this.shown = file;
    this.show();
  }

  show() {
    if (!(this.shown in this.draft.files)) this.shown = this.flowFile;
    this.showFiles();
    this.showText();
    this.numberLines();
  }

  showFiles() {
    const field = byId("file");
    const own = (name) => (name === this.flowFile ? "" : name);
    const names = Object.keys(this.draft.files).filter((name) => name.endsWith(".yaml"));
    names.sort((one, other) => own(one).localeCompare(own(other)));
    if ([...field.options].map((option) => option.value).join() !== names.join()) {
      field.replaceChildren(...names.map((name) => new Option(name, name, false, name === this.shown)));
    }
    field.value = this.shown;
  }

  showText() {
    const { field } = this;
    const text = this.draft.files[this.shown] ?? "";
    field.readOnly = !this.draft.mayWrite || (!this.mayRoute && !this.shown.startsWith("prompts/"));
    if (field.value === text) return;
    if (!field.value) {
      field.value = text; // there is no caret or scroll to keep, and to ask for them would lay the page out
      return;
    }
    const [start, end, top] = [field.selectionStart, field.selectionEnd, field.scrollTop];
    field.value = text;
    if (document.activeElement === field) field.setSelectionRange(Math.min(start, text.length), Math.min(end, text.length));
    field.scrollTop = top;
  }

  numberLines() {
    const marks = new Map();
    for (const one of this.draft.state.findings) {
      if (one.file === this.shown && marks.get(one.line) !== "b") marks.set(one.line, one.severity === "error" ? "b" : "i");
    }
    const count = this.field.value.split("\n").length;
    const from = JSON.stringify([count, ...marks]);
    if (from === this.numbered) return;
    this.numbered = from;
    const lines = document.createDocumentFragment();
    let bare = 1; // the first of the lines without a mark that are not there yet: they become one piece of text
    const add = (end) => lines.append(Array.from({ length: end - bare }, (_, n) => `${bare + n}\n`).join(""));
    for (const line of [...marks.keys()].filter((one) => one <= count).sort((one, other) => one - other)) {
      const one = document.createElement(marks.get(line));
      one.textContent = `${marks.get(line) === "b" ? "✗" : "!"} ${line}`;
      add(line);
      lines.append(one, "\n");
      bare = line + 1;
    }
    add(count + 1);
    this.gutter.replaceChildren(lines);
    requestAnimationFrame(() => (this.gutter.scrollTop = this.field.scrollTop)); // to ask for it now would lay the page out twice
  }

  goTo(file, line) {
    if (this.shown !== file) this.open(file);
    const { field } = this;
    const before = field.value.split("\n").slice(0, line - 1).join("\n").length;
    const start = line > 1 ? before + 1 : 0;
    const end = field.value.indexOf("\n", start);
    field.setSelectionRange(start, end < 0 ? field.value.length : end);
    field.scrollTop = Math.max(0, (line - ABOVE) * ROW);
  }

  // Whoever moves through the script sees the form of the step that they are in.
  followCaret() {
    if (this.shown !== this.flowFile) return;
    this.onLine(this.field.value.slice(0, this.field.selectionStart).split("\n").length);
  }
}
