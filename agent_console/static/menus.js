// The editor of the menus: one draft, shown as a tree, a list of steps, a form and a script, all of the same text.

import { onReachable, post, say } from "./ask.js";
import { inField, tell } from "./console.js";
import { Draft } from "./menus_draft.js";
import { setUpFigures } from "./menus_figures.js";
import { StepForm } from "./menus_form.js";
import { Script } from "./menus_script.js";
import { markStep, showAbout, showFindings, showSteps } from "./menus_steps.js";
import { makeTree } from "./menus_tree.js";
import { setUpTry } from "./menus_try.js";

const main = document.getElementById("main");
const byId = (id) => document.getElementById(id);
const flowFile = `${main.dataset.flow}.yaml`;
const mayRoute = "routes" in main.dataset;
let picked = "";

const draft = new Draft(
  { id: main.dataset.draft, save: main.dataset.save, act: main.dataset.act, me: main.dataset.me, mayWrite: "writes" in main.dataset },
  JSON.parse(byId("state").textContent),
  { change: showAll, saved: showSaved, conflict: showConflict, undo: showUndo, done: () => form.show() },
);
const form = new StepForm(draft, main.dataset.stepUrl, {
  picked: () => picked,
  pick,
  saving: () => showSaved("saving", say("js.saving")),
  drawn: () => showAbout(draft.state.findings),
});
const figures = setUpFigures({ picked: () => picked, show: () => showMenus() });
const tree = makeTree(byId("tree"), { onPick: pickAndShow, onLead: (path, to) => form.act({ do: "set", path, value: to }), mayLead: mayRoute });
const script = new Script(draft, flowFile, { mayRoute, onLine: followLine });

function showSaved(now, text) {
  byId("saved").dataset.now = now;
  byId("saved").querySelector("span").textContent = text;
}

function showAll() {
  script.show();
  showFindings(draft.state.findings, flowFile, goToFinding);
  showAbout(draft.state.findings);
  showMenus();
}

function showMenus() {
  tree.draw({ ...draft.state, ends: say("js.flows.hang_up"), figuresOf: figures.of, tookOf: figures.took });
  showListed();
}

function showListed() {
  showSteps({ ...draft.state, figuresOf: figures.of }, picked, tree, pickAndShow);
}

function goToFinding({ file, line, step }) {
  script.goTo(file, line);
  script.field.focus();
  if (step) pick(step, { fromScript: true });
}

// ---- the step that is shown

function pick(name, { fromScript = false } = {}) {
  const step = draft.state.steps.find((one) => one[0] === name);
  if (!step) return;
  picked = name;
  tree.pick(name);
  markStep(name);
  figures.showDays();
  if (!fromScript) script.goTo(flowFile, step[2]);
  form.show();
}

// Where tree and form stand below each other, whoever presses a step is led to its form.
function pickAndShow(name) {
  pick(name);
  const form = byId("step").closest("section");
  if (form.getBoundingClientRect().top > innerHeight * 0.7) form.scrollIntoView();
}

function followLine(line) {
  const step = draft.state.steps.filter((one) => one[2] <= line).pop();
  if (step && step[0] !== picked) pick(step[0], { fromScript: true });
}

byId("find").addEventListener("input", showListed);
byId("find").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  byId("steps").querySelector("button")?.click();
});
byId("fit").addEventListener("click", () => tree.fit());

// ---- somebody was first

function showConflict(answer) {
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

for (const [id, keepsMine] of [["keep-mine", true], ["take-theirs", false]]) {
  byId(id).addEventListener("click", () => {
    byId("conflict").hidden = true;
    draft.settle(keepsMine).then(() => form.show());
  });
}

// ---- undo and redo

function showUndo() {
  const { undo, redo } = draft.undo.some;
  byId("undo").disabled = !undo;
  byId("redo").disabled = !redo;
}

byId("undo").addEventListener("click", () => draft.goBack(true));
byId("redo").addEventListener("click", () => draft.goBack(false));
document.addEventListener("keydown", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  if (inField(event.target) && event.target !== script.field) return;
  const isUndo = event.code === "KeyZ" && !event.shiftKey;
  const isRedo = event.code === "KeyY" || (event.code === "KeyZ" && event.shiftKey);
  if (!isUndo && !isRedo) return;
  event.preventDefault();
  draft.goBack(isUndo);
});

byId("draft-title").addEventListener("change", ({ target }) => post(main.dataset.title, { title: target.value }).catch((error) => tell(error.message)));

setUpTry({
  save: () => draft.save(),
  light: tree.light,
  version: () => draft.state.version,
  take: (answer) => {
    draft.undo.remember(draft.files);
    draft.take(answer);
  },
});

// ---- leaving and coming back

for (const link of document.querySelectorAll("[data-after-saves]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    form.sendAll();
    await draft.save();
    location.assign(link.href);
  });
}

addEventListener("beforeunload", (event) => {
  if (draft.isBusy || form.isTyping) event.preventDefault();
});

onReachable((reachable) => {
  if (reachable && !draft.isSaved) draft.save();
});

const isRestored = draft.restore();
showAll();
showUndo();
pick(new URLSearchParams(location.search).get("step") || draft.state.start);
if (isRestored) draft.save();
