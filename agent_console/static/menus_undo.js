// What can be undone, and done again: the files as they stood before each doing of this page.

const MOST = 200;

export class Undo {
  constructor(show) {
    this.show = show;
    this.undone = [];
    this.redone = [];
  }

  get some() {
    return { undo: this.undone.length > 0, redo: this.redone.length > 0 };
  }

  // The files before something is done. Returns a mark, by which it is forgotten if nothing came of it.
  remember(files) {
    const mark = { ...files };
    this.undone.push(mark);
    if (this.undone.length > MOST) this.undone.shift();
    this.redone.length = 0;
    this.show();
    return mark;
  }

  forget(mark) {
    this.undone = this.undone.filter((one) => one !== mark);
    this.show();
  }

  // The files of the step before, or after; null where there is none.
  back(files) {
    return this.move(this.undone, this.redone, files);
  }

  forth(files) {
    return this.move(this.redone, this.undone, files);
  }

  move(from, to, files) {
    const before = from.pop();
    if (!before) return null;
    to.push({ ...files });
    this.show();
    return before;
  }

  // Somebody else has written this file: it says so at every step, so that none takes their words back.
  adopt(path, text) {
    for (const files of [...this.undone, ...this.redone]) put(files, path, text);
  }
}

export function put(files, path, text) {
  if (text === null || text === undefined) delete files[path];
  else files[path] = text;
}
