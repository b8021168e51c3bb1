// The editor of the menus. The files on the page are the draft: what is typed goes to the server from the first keystroke,
// what is chosen in a form or led on the tree is done to the same text there, and comes back.

import { Refused, askHtml, onReachable, post, say } from "./ask.js";
import { hour } from "./clock.js";
import { inField, tell } from "./console.js";
import { confirm, drop, keep, lacking } from "./kept.js";
import { makeTree } from "./menus_tree.js";
import { setUpTry } from "./menus_try.js";

const PAUSE = 350;
const LONGEST = 2000;
const BURST = 1200; // typing with shorter pauses is undone at once
const MOST_UNDONE = 200;
const main = document.getElementById("main");
const byId = (id) => document.getElementById(id);
const shelf = `menus-${main.dataset.draft}`;
const flowFile = `${main.dataset.flow}.yaml`;
const script = byId("script");
const gutter = byId("gutter");
const mayWrite = "writes" in main.dataset;

let state = JSON.parse(byId("state").textContent);
let known = { ...state.files }; // what the server has
let files = { ...state.files }; // what the page has
let shown = flowFile;
let picked = "";
let timer = 0;
let firstUnsaved = 0;
let lastTyped = 0;
let stuck = false;
let running = Promise.resolve();
let waiting = 0;
const undone = [];
const redone = [];

const tree = makeTree(byId("tree"), { onPick: pick, onLead: (path, to) => act({ do: "set", path, value: to }), mayLead: "routes" in main.dataset });

// ---- what is saved ----------------------------------------------------------------------------------------------

function showSaved(now, text) {
  byId("saved").dataset.now = now;
  byId("saved").querySelector("span").textContent = text;
}

function unsaved() {
  const paths = new Set([...Object.keys(files), ...Object.keys(known)]);
  return Object.fromEntries([...paths].filter((path) => files[path] !== known[path]).map((path) => [path, files[path] ?? null]));
}

function isSaved() {
  return Object.keys(unsaved()).length === 0;
}

function typed() {
  const now = Date.now();
  if (now - lastTyped > BURST) remember();
  lastTyped = now;
  files[shown] = script.value;
  numberLines();
  keep(shelf, state.version, unsaved());
  showSaved("saving", say("js.saving"));
  firstUnsaved ||= now;
  saveIn(Math.min(PAUSE, Math.max(0, firstUnsaved + LONGEST - now)));
}

function saveIn(ms) {
  clearTimeout(timer);
  timer = setTimeout(save, ms);
}

// One request after the other: each carries the version that the one before it has made.
function inTurn(work) {
  waiting += 1;
  running = running.then(work).finally(() => (waiting -= 1));
  return running;
}

function save() {
  clearTimeout(timer);
  timer = 0;
  firstUnsaved = 0;
  return inTurn(async () => {
    const sent = unsaved();
    if (stuck || !Object.keys(sent).length) return;
    await ask(main.dataset.save, { files: JSON.stringify(sent) }, sent);
  });
}

async function ask(url, told, sent = {}) {
  try {
    take(await post(url, { version: state.version, ...told }), sent);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 409) {
      conflict(error.answer);
      return false;
    }
    showSaved("unsaved", say("js.unsaved"));
    if (error.status === 0 || error.status >= 500) {
      await new Promise((goOn) => setTimeout(goOn, 3000));
      return ask(url, told, sent);
    }
    tell(error.message);
    return false;
  }
}

function take(answer, sent) {
  for (const [path, text] of Object.entries(answer.files)) {
    const typedSince = path in sent ? files[path] !== (sent[path] ?? undefined) : files[path] !== known[path];
    if (text === null) delete known[path];
    else known[path] = text;
    if (!typedSince && text === null) delete files[path];
    else if (!typedSince) files[path] = text;
  }
  state = { ...state, ...answer, files: undefined };
  confirm(shelf, state.version, {}, hour());
  if (isSaved()) {
    drop(shelf);
    showSaved("saved", say("js.saved", { when: hour() }));
  }
  showAll();
}

// What a form or the tree asks for is done by the server, to what was typed last.
function act(wanted, { quiet = false } = {}) {
  save();
  return inTurn(async () => {
    if (stuck) return false;
    tell("");
    remember();
    const isDone = await ask(main.dataset.act, { act: JSON.stringify(wanted) });
    if (!isDone) undone.pop();
    showUndo();
    if (isDone && !quiet) await showStep();
    return isDone;
  });
}

// ---- somebody was first -----------------------------------------------------------------------------------------

let theirs = null;

function conflict(answer) {
  if (isSaved()) {
    // Nothing of ours would be lost: the page shows what the others have made of it, and the act can be done again.
    take(answer, {});
    tell(answer.error);
    return;
  }
  stuck = true;
  theirs = answer;
  showSaved("unsaved", say("js.changed_elsewhere"));
  byId("conflict-title").textContent = answer.error;
  const lines = byId("conflict-lines");
  lines.replaceChildren();
  for (const { file, lines: told } of answer.difference) {
    const heading = document.createElement("h3");
    heading.textContent = file;
    const box = document.createElement("div");
    box.className = "diff";
    for (const [mark, , text] of told) {
      const line = document.createElement(mark === "-" ? "del" : "ins");
      line.textContent = `${mark === "-" ? answer.who : say("js.flows.mine")}: ${text}`;
      box.append(line);
    }
    lines.append(heading, box);
  }
  byId("conflict").hidden = false;
  byId("keep-mine").focus();
}

function settle(keepsMine) {
  byId("conflict").hidden = true;
  const mine = { ...files };
  known = { ...theirs.files };
  state = { ...state, ...theirs, files: undefined };
  stuck = false;
  remember();
  files = keepsMine ? mine : { ...theirs.files };
  if (!keepsMine) drop(shelf);
  showAll();
  showStep();
  save();
}

byId("keep-mine").addEventListener("click", () => settle(true));
byId("take-theirs").addEventListener("click", () => settle(false));

// ---- undo and redo ----------------------------------------------------------------------------------------------

function remember() {
  undone.push({ ...files });
  if (undone.length > MOST_UNDONE) undone.shift();
  redone.length = 0;
  showUndo();
}

function goBack(from, to) {
  const before = from.pop();
  if (!before || !mayWrite) return;
  to.push({ ...files });
  files = before;
  lastTyped = 0;
  showUndo();
  showAll();
  keep(shelf, state.version, unsaved());
  save().then(showStep);
}

function showUndo() {
  byId("undo").disabled = !undone.length;
  byId("redo").disabled = !redone.length;
}

byId("undo").addEventListener("click", () => goBack(undone, redone));
byId("redo").addEventListener("click", () => goBack(redone, undone));
document.addEventListener("keydown", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  if (inField(event.target) && event.target !== script) return;
  const isUndo = event.code === "KeyZ" && !event.shiftKey;
  const isRedo = event.code === "KeyY" || (event.code === "KeyZ" && event.shiftKey);
  if (!isUndo && !isRedo) return;
  event.preventDefault();
  if (isUndo) goBack(undone, redone);
  else goBack(redone, undone);
});

// ---- the script -------------------------------------------------------------------------------------------------

function showFiles() {
  const field = byId("file");
  const names = Object.keys(files).filter((name) => name.endsWith(".yaml")).sort((one, other) => (one === flowFile ? -1 : other === flowFile ? 1 : one.localeCompare(other)));
  if ([...field.options].map((option) => option.value).join() !== names.join()) {
    field.replaceChildren(...names.map((name) => new Option(name, name, false, name === shown)));
  }
  field.value = shown;
}

function showScript() {
  const text = files[shown] ?? "";
  script.readOnly = !mayWrite || (!("routes" in main.dataset) && !shown.startsWith("prompts/"));
  if (script.value === text) return;
  const [start, end, top] = [script.selectionStart, script.selectionEnd, script.scrollTop];
  script.value = text;
  if (document.activeElement === script) script.setSelectionRange(Math.min(start, text.length), Math.min(end, text.length));
  script.scrollTop = top;
}

function numberLines() {
  const marks = new Map();
  for (const one of state.findings) if (one.file === shown && marks.get(one.line) !== "b") marks.set(one.line, one.severity === "error" ? "b" : "i");
  const count = script.value.split("\n").length;
  const lines = document.createDocumentFragment();
  for (let line = 1; line <= count; line += 1) {
    const mark = marks.get(line);
    if (mark) {
      const one = document.createElement(mark);
      one.textContent = `${mark === "b" ? "✗" : "!"} ${line}`;
      lines.append(one, "\n");
    } else lines.append(`${line}\n`);
  }
  gutter.replaceChildren(lines);
  gutter.scrollTop = script.scrollTop;
}

function goToLine(file, line) {
  if (shown !== file) {
    shown = file;
    showFiles();
    showScript();
    numberLines();
  }
  const before = script.value.split("\n").slice(0, line - 1).join("\n").length;
  const start = line > 1 ? before + 1 : 0;
  const end = script.value.indexOf("\n", start);
  script.setSelectionRange(start, end < 0 ? script.value.length : end);
  script.scrollTop = Math.max(0, (line - 4) * 20);
}

script.addEventListener("input", typed);
script.addEventListener("scroll", () => (gutter.scrollTop = script.scrollTop));
script.addEventListener("click", () => followCaret());
script.addEventListener("keyup", ({ key }) => key.startsWith("Arrow") && followCaret());
byId("file").addEventListener("change", ({ target }) => {
  shown = target.value;
  lastTyped = 0;
  showScript();
  numberLines();
});

// Whoever moves through the script sees the form of the step that they are in.
function followCaret() {
  if (shown !== flowFile) return;
  const line = script.value.slice(0, script.selectionStart).split("\n").length;
  const step = state.steps.filter((one) => one[2] <= line).pop();
  if (step && step[0] !== picked) pick(step[0], { fromScript: true });
}

// ---- what is wrong ----------------------------------------------------------------------------------------------

function showFindings() {
  const errors = state.findings.filter((one) => one.severity === "error").length;
  const heading = say("js.flows.problems", { errors, warnings: state.findings.length - errors });
  if (byId("problems-title").textContent !== heading) byId("problems-title").textContent = heading;
  const rows = state.findings.map((one) => {
    const row = document.createElement("li");
    row.className = one.severity;
    const button = document.createElement("button");
    button.type = "button";
    const place = document.createElement("b");
    place.className = "nowrap";
    place.textContent = `${one.severity === "error" ? "✗" : "!"} ${say("js.flows.line", { line: one.line })}${one.file === flowFile ? "" : ` ${one.file}`}`;
    const words = document.createElement("span");
    words.textContent = `${one.heading ? `${one.heading} ` : ""}${one.text}`;
    button.append(place, words);
    button.addEventListener("click", () => {
      goToLine(one.file, one.line);
      script.focus();
      if (one.step) pick(one.step, { fromScript: true });
    });
    row.append(button);
    return row;
  });
  byId("problems").replaceChildren(...rows);
}

// ---- the tree and the list of steps -----------------------------------------------------------------------------

function isFound([name, , , says], sought) {
  return `${name} ${says}`.normalize("NFC").toLowerCase().includes(sought);
}

function showSteps() {
  const sought = byId("find").value.trim().normalize("NFC").toLowerCase();
  const found = state.steps.filter((step) => isFound(step, sought));
  byId("steps").replaceChildren(
    ...found.map(([name, verb, , says, errors, warnings]) => {
      const row = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      if (name === picked) button.setAttribute("aria-current", "true");
      const title = document.createElement("span");
      title.textContent = `${name} · ${says || verb}`;
      button.append(title);
      if (errors || warnings) {
        const mark = document.createElement("span");
        mark.className = errors ? "trouble" : "doubt";
        mark.textContent = errors ? `✗ ${errors}` : `! ${warnings}`;
        button.append(mark);
      }
      button.addEventListener("click", () => pick(name));
      row.append(button);
      return row;
    }),
  );
  const names = new Set(found.map(([name]) => name));
  tree.sift((name) => !sought || names.has(name));
  byId("all-steps").replaceChildren(...state.steps.map(([name]) => new Option(name, name)));
}

byId("find").addEventListener("input", showSteps);
byId("find").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  byId("steps").querySelector("button")?.click();
});
byId("fit").addEventListener("click", () => tree.fit());

function pick(name, { fromScript = false } = {}) {
  const step = state.steps.find((one) => one[0] === name);
  if (!step) return;
  picked = name;
  tree.pick(name);
  byId("steps").querySelector("[aria-current]")?.removeAttribute("aria-current");
  [...byId("steps").querySelectorAll("button")].find((button) => button.textContent.startsWith(`${name} ·`))?.setAttribute("aria-current", "true");
  if (!fromScript) goToLine(flowFile, step[2]);
  showStep();
}

function showAll() {
  if (!(shown in files)) shown = flowFile;
  showFiles();
  showScript();
  numberLines();
  showFindings();
  tree.draw({ ...state, ends: say("js.flows.hang_up") });
  showSteps();
}

// ---- the form of a step -----------------------------------------------------------------------------------------

const form = byId("step");

async function showStep() {
  if (!picked) return;
  const focused = form.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...form.querySelectorAll("details[open]")].map((one) => one.id);
  try {
    form.innerHTML = await askHtml(`${main.dataset.stepUrl}?${new URLSearchParams({ name: picked })}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return;
  }
  for (const one of form.querySelectorAll("details")) one.open = open.includes(one.id);
  if (focused) byId(focused)?.focus();
}

form.addEventListener("change", ({ target }) => {
  if (!target.dataset.do) return;
  act({ ...JSON.parse(target.dataset.do), value: target.value });
});

form.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-do]");
  if (button) act(JSON.parse(button.dataset.do));
});

const typing = new Map();

function wordsOf(field) {
  return { do: "say", prompt: field.closest("[data-say]").dataset.say, words: { [field.dataset.language]: field.value } };
}

form.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-say] textarea")) return;
  showSaved("saving", say("js.saving"));
  clearTimeout(typing.get(target));
  typing.set(target, setTimeout(() => sendWords(target), PAUSE));
});

function sendWords(field) {
  clearTimeout(typing.get(field));
  typing.delete(field);
  if (field.value.trim()) act(wordsOf(field), { quiet: true });
}

form.addEventListener("focusout", ({ target }) => typing.has(target) && sendWords(target));

document.addEventListener("submit", async (event) => {
  const one = event.target;
  const told = Object.fromEntries(new FormData(one));
  const wanted = actOf(one, told);
  if (!wanted) return;
  event.preventDefault();
  event.stopPropagation();
  const isDone = await act(wanted);
  if (!isDone) return;
  one.reset();
  const details = one.closest("details");
  if (details) byId(details.id) && (byId(details.id).open = false);
  if (wanted.name) pick(wanted.name);
}, { capture: true });

function actOf(one, told) {
  const path = ["steps", picked];
  if (one.dataset.addChoice) {
    const words = Object.fromEntries(Object.entries(told).filter(([name]) => one.elements[name].lang));
    return { do: "add_choice", step: picked, key: told.key, prompt: `${picked}_${told.name}`.slice(0, 60), words, value: told.notes ? told.name : "", go: told.go };
  }
  if (one.dataset.addRow) return { do: "add_item", path: [...path, "decide"], value: { when: told.when, go: told.go } };
  if (one.dataset.addWord) return { do: "add", path, key: told.key, value: told.value };
  if (one.dataset.rename) return { do: "rename", step: picked, name: told.name };
  if (one.id !== "new-step") return null;
  const words = Object.fromEntries([...one.querySelectorAll("textarea[data-language]")].filter((field) => field.value.trim()).map((field) => [field.dataset.language, field.value]));
  const { verb, name, ...rest } = told;
  const says = rest.says ? { [rest.says]: words } : {};
  return { do: "add_step", name, verb, told: rest, words: says, after: picked };
}

const verb = byId("s-verb");
function showAsked() {
  const asked = verb.selectedOptions[0].dataset.asks.split(" ");
  for (const field of document.querySelectorAll("#new-step [data-asked]")) field.hidden = !asked.includes(field.dataset.asked);
}
if (verb) {
  verb.addEventListener("change", showAsked);
  showAsked();
}

byId("draft-title").addEventListener("change", ({ target }) => post(main.dataset.title, { title: target.value }).catch((error) => tell(error.message)));

setUpTry({
  save,
  light: tree.light,
  version: () => state.version,
  take: (answer) => {
    remember();
    take(answer, {});
  },
});

// ---- leaving and coming back ------------------------------------------------------------------------------------

for (const link of document.querySelectorAll("[data-after-saves]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    for (const field of typing.keys()) sendWords(field);
    await save();
    location.assign(link.href);
  });
}

addEventListener("beforeunload", (event) => {
  if (timer || waiting || typing.size || (stuck && !isSaved())) event.preventDefault();
});

onReachable((reachable) => {
  if (reachable && !isSaved()) save();
});

// Words that the server never got: of a crash, of a page that was left while it saved.
const kept = lacking(shelf, state.version);
if (kept?.unsaved) {
  remember();
  for (const [path, text] of Object.entries(kept.data)) {
    if (text === null) delete files[path];
    else files[path] = text;
  }
}
showAll();
showUndo();
const [asked] = [new URLSearchParams(location.search).get("step")];
pick(asked || state.start);
if (kept?.unsaved) save();
