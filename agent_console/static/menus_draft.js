// The files of a draft: what the page has, what the server has, and how the one becomes the other. What is typed goes there
// from the first keystroke, what is chosen in a form or led on the tree is done to the same text there, and comes back.

import { Refused, post, say } from "./ask.js";
import { hour } from "./clock.js";
import { tell } from "./console.js";
import { confirm, drop, keep, lacking } from "./kept.js";
import { Undo, put } from "./menus_undo.js";

const PAUSE = 350;
const LONGEST = 2000;
const BURST = 1200; // typing with shorter pauses is undone at once
const AGAIN_AFTER = 3000;

export class Draft {
  // `on`: change() when anything is to be drawn anew, saved(now, text), conflict(answer), undo(), done() after an undo.
  constructor({ id, save, act, me, mayWrite }, first, on) {
    Object.assign(this, { urls: { save, act }, me, mayWrite, on });
    this.shelf = `menus-${id}`;
    this.known = { ...first.files }; // what the server has
    this.files = { ...first.files }; // what the page has
    this.state = { ...first, files: undefined };
    this.undo = new Undo(() => on.undo());
    this.timer = 0;
    this.firstUnsaved = 0;
    this.lastTyped = 0;
    this.theirs = null; // what somebody else has saved, until it is settled whose text stays
    this.running = Promise.resolve();
    this.waiting = 0;
  }

  // ---- what is saved

  unsaved() {
    const paths = new Set([...Object.keys(this.files), ...Object.keys(this.known)]);
    const differs = (path) => this.files[path] !== this.known[path];
    return Object.fromEntries([...paths].filter(differs).map((path) => [path, this.files[path] ?? null]));
  }

  get isSaved() {
    return Object.keys(this.unsaved()).length === 0;
  }

  get isBusy() {
    return Boolean(this.timer || this.waiting || (this.theirs && !this.isSaved));
  }

  type(path, text) {
    const now = Date.now();
    if (now - this.lastTyped > BURST) this.undo.remember(this.files);
    this.lastTyped = now;
    this.files[path] = text;
    this.shelve();
    this.on.saved("saving", say("js.saving"));
    this.firstUnsaved ||= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.min(PAUSE, Math.max(0, this.firstUnsaved + LONGEST - now)));
  }

  endBurst() {
    this.lastTyped = 0;
  }

  shelve() {
    keep(this.shelf, this.state.version, this.unsaved());
  }

  // One request after the other: each carries the version that the one before it has made. One that fails in a way that
  // nobody has thought of keeps none of the later ones.
  inTurn(work) {
    this.waiting += 1;
    const turn = this.running.then(work).finally(() => (this.waiting -= 1));
    this.running = turn.catch(() => this.on.saved("unsaved", say("js.unsaved")));
    return turn;
  }

  save() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.firstUnsaved = 0;
    return this.inTurn(async () => {
      const sent = this.unsaved();
      if (this.theirs || !Object.keys(sent).length) return;
      await this.ask(this.urls.save, { files: JSON.stringify(sent) }, sent);
    });
  }

  // What a form or the tree asks for is done by the server, to what was typed last. False where it was refused.
  act(wanted) {
    this.save();
    return this.inTurn(async () => {
      if (this.theirs) return false;
      tell("");
      const mark = this.undo.remember(this.files);
      const isDone = await this.ask(this.urls.act, { act: JSON.stringify(wanted) });
      if (!isDone) this.undo.forget(mark);
      return isDone;
    });
  }

  async ask(url, told, sent = {}) {
    try {
      this.take(await post(url, { version: this.state.version, ...told }), sent);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 409) {
        this.meet(error.answer);
        return false;
      }
      if (error.status === 0 || error.status === 401 || error.status >= 500) {
        this.on.saved("unsaved", say("js.unsaved"));
        await new Promise((goOn) => setTimeout(goOn, AGAIN_AFTER));
        return this.ask(url, told, sent);
      }
      this.tellSaved();
      tell(error.message);
      return false;
    }
  }

  take(answer, sent = {}) {
    for (const [path, text] of Object.entries(answer.files)) {
      const typedSince = path in sent ? this.files[path] !== (sent[path] ?? undefined) : this.files[path] !== this.known[path];
      put(this.known, path, text);
      if (!typedSince) put(this.files, path, text);
    }
    this.learn(answer);
    confirm(this.shelf, this.state.version, {}, hour());
    if (this.isSaved) drop(this.shelf);
    this.tellSaved();
    this.on.change();
  }

  tellSaved() {
    if (this.isSaved) this.on.saved("saved", say("js.saved", { when: hour() }));
    else this.on.saved("unsaved", say("js.unsaved"));
  }

  // While the text cannot be read there are no steps in it: those of before stand, so that nobody loses their place.
  learn(answer) {
    const { steps, ways, start } = this.state;
    this.state = { ...this.state, ...answer, files: undefined };
    if (!answer.readable) Object.assign(this.state, { steps, ways, start });
  }

  // ---- somebody was first

  meet(answer) {
    if (this.isSaved) {
      // Nothing of ours would be lost: the page shows what the others have made of it, and the act can be done again.
      this.adopt(answer);
      this.files = { ...this.known };
      drop(this.shelf);
      this.tellSaved();
      this.on.change();
      tell(answer.error);
      return;
    }
    this.theirs = answer;
    this.on.conflict(answer);
  }

  // What the others have written is so from now on, also at every step of undo.
  adopt(answer) {
    const { files } = answer;
    for (const path of new Set([...Object.keys(files), ...Object.keys(this.known)])) {
      if (files[path] !== this.known[path]) this.undo.adopt(path, files[path]);
    }
    this.known = { ...files };
    this.learn(answer);
  }

  // Files that only the others have written stay theirs, whoever's text is kept.
  settle(keepsMine) {
    const mine = Object.entries(this.unsaved());
    const { theirs } = this;
    this.theirs = null;
    this.adopt(theirs);
    const [both, none] = [{ ...this.known }, { ...this.known }];
    for (const [path, text] of mine) put(both, path, text);
    this.undo.remember(keepsMine ? none : both);
    this.files = keepsMine ? both : none;
    if (!keepsMine) drop(this.shelf);
    this.tellSaved();
    this.on.change();
    return this.save();
  }

  // ---- undo and redo

  goBack(isBack) {
    if (!this.mayWrite) return;
    const before = isBack ? this.undo.back(this.files) : this.undo.forth(this.files);
    if (!before) return;
    this.files = before;
    this.endBurst();
    this.on.change();
    this.shelve();
    this.save().then(() => this.on.done());
  }

  // ---- coming back

  // Words that the server never got: of a crash, of a page that was left while it saved. Where somebody else has saved
  // since, they are sent as words on what stood there before, and the server tells both texts apart.
  restore() {
    const { version, saved_by } = this.state;
    const kept = lacking(this.shelf, version, { mayBeOld: true });
    if (!kept?.unsaved) return false;
    this.undo.remember(this.files);
    for (const [path, text] of Object.entries(kept.data)) put(this.files, path, text);
    const isLostAnswer = version === kept.based + 1 && saved_by === this.me;
    if (!isLostAnswer) this.state.version = kept.based;
    return true;
  }
}
